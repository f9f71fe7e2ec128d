package io.jbuild.builder.expand;

import java.util.ArrayList;
import java.util.List;

/**
 * The pattern of <code>${v#p}</code> and its kin: {@code *} and {@code ?}, no brackets.
 *
 * <p>Kept as the runs between the stars. The first run's leftmost place leaves the most room for
 * the others, so that finding is one pass and never goes back.
 */
final class ShellPattern {
  /** Finding costs text times pattern; no real pattern is this long. */
  private static final int MAX_LENGTH = 1024;

  private static final int ANY = -1;

  private final List<int[]> runs;

  private ShellPattern(List<int[]> runs) {
    this.runs = runs;
  }

  static ShellPattern compile(String pattern) throws ExpansionException {
    int[] text = pattern.codePoints().toArray();
    if (text.length > MAX_LENGTH) {
      throw new ExpansionException("a pattern is longer than " + MAX_LENGTH + " characters");
    }
    List<int[]> runs = new ArrayList<>();
    List<Integer> run = new ArrayList<>();
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '*') {
        runs.add(toArray(run));
        run.clear();
      } else if (text[i] == '\\') {
        run.add(escaped(pattern, text, ++i));
      } else {
        run.add(text[i] == '?' ? ANY : text[i]);
      }
    }
    runs.add(toArray(run));
    return new ShellPattern(List.copyOf(runs));
  }

  private static int escaped(String pattern, int[] text, int i) throws ExpansionException {
    String escapable = "}/*?\\";
    if (i >= text.length || escapable.indexOf(text[i]) < 0) {
      String what = i < text.length ? Character.toString(text[i]) : "";
      throw new ExpansionException(
          "invalid pattern (" + pattern + ") in substitution: invalid escape '\\" + what + "'");
    }
    return text[i];
  }

  private static int[] toArray(List<Integer> run) {
    return run.stream().mapToInt(Integer::intValue).toArray();
  }

  String trimPrefix(String value, boolean greedy) {
    int[] text = value.codePoints().toArray();
    int end = matchesAt(text, runs.get(0), 0) ? end(text, 0, greedy) : -1;
    return end < 0 ? value : string(text, end, text.length);
  }

  String trimSuffix(String value, boolean greedy) {
    List<int[]> reversed = new ArrayList<>();
    for (int[] run : runs) {
      reversed.add(0, reverse(run));
    }
    String backwards = new StringBuilder(value).reverse().toString();
    String left = new ShellPattern(reversed).trimPrefix(backwards, greedy);
    return new StringBuilder(left).reverse().toString();
  }

  /**
   * Puts the replacement where the pattern matches, as long as it can: once or everywhere. An empty
   * match counts, except right behind another one.
   */
  String replace(String value, String replacement, boolean all, int limit)
      throws ExpansionException {
    int[] text = value.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    int copied = 0;
    int from = 0;
    boolean more = true;
    while (more && from <= text.length) {
      int start = find(text, runs.get(0), from);
      int end = start < 0 ? -1 : end(text, start, true);
      if (end < 0) {
        break;
      }
      boolean behind = start == end && start == copied && copied > 0;
      out.append(string(text, copied, start)).append(behind ? "" : replacement);
      if (out.length() > limit) {
        throw new ExpansionException("the expanded text is longer than " + limit + " characters");
      }
      copied = end;
      from = start == end ? end + 1 : end;
      more = all;
    }
    return out.append(string(text, copied, text.length)).toString();
  }

  /** Where a match that begins at {@code start} ends, given that the first run is there. */
  private int end(int[] text, int start, boolean greedy) {
    int at = start + runs.get(0).length;
    for (int i = 1; i < runs.size(); i++) {
      int[] run = runs.get(i);
      boolean last = i == runs.size() - 1;
      int found = last && greedy ? findLast(text, run, at) : find(text, run, at);
      if (found < 0) {
        return -1;
      }
      at = found + run.length;
    }
    return at;
  }

  private static int find(int[] text, int[] run, int from) {
    for (int i = from; i + run.length <= text.length; i++) {
      if (matchesAt(text, run, i)) {
        return i;
      }
    }
    return -1;
  }

  private static int findLast(int[] text, int[] run, int from) {
    for (int i = text.length - run.length; i >= from; i--) {
      if (matchesAt(text, run, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean matchesAt(int[] text, int[] run, int at) {
    if (at + run.length > text.length) {
      return false;
    }
    for (int i = 0; i < run.length; i++) {
      if (run[i] != ANY && run[i] != text[at + i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] reverse(int[] run) {
    int[] out = new int[run.length];
    for (int i = 0; i < run.length; i++) {
      out[i] = run[run.length - 1 - i];
    }
    return out;
  }

  private static String string(int[] text, int start, int end) {
    return new String(text, start, end - start);
  }
}
