package io.jbuild.builder.source;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The nearest of the known names to one that is not known. */
public final class Suggestion {
  /** Names longer than this are not typed by hand. */
  private static final int MAX_LENGTH = 64;

  private Suggestion() {}

  /** {@code did you mean X?}, when some candidate is near enough to be a slip of the finger. */
  public static Optional<String> hint(String word, Collection<String> candidates) {
    return nearest(word, candidates).map(name -> "did you mean " + name + "?");
  }

  /** Ignores case; a tie is won by the first candidate. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    Optional<String> best = Optional.empty();
    int limit = Math.min(3, (word.length() + 2) / 3);
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance <= limit) {
        best = Optional.of(candidate);
        limit = distance - 1;
      }
    }
    return best;
  }

  /** Edit distance, where swapping two neighbours counts as one edit. */
  private static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    if (a.length() > MAX_LENGTH || b.length() > MAX_LENGTH) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 ? j : j == 0 ? i : cell(a, b, d, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int cell(String a, String b, int[][] d, int i, int j) {
    int substitute = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(substitute, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
