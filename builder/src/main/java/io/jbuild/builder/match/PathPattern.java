package io.jbuild.builder.match;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A pattern as Go's {@code filepath.Match} knows it: {@code *} and {@code ?} and {@code [a-z]},
 * none of which crosses a slash; {@code \} escapes. The whole path has to match.
 */
public final class PathPattern {
  private final String text;
  private final Glob glob;

  private PathPattern(String text, Glob glob) {
    this.text = text;
    this.glob = glob;
  }

  public static PathPattern compile(String pattern) throws InvalidPatternException {
    return new PathPattern(pattern, new GlobParser(pattern).parse(false));
  }

  /** Whether the text means anything but itself. */
  public static boolean hasWildcards(String pattern) {
    return pattern.codePoints().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\');
  }

  /** The literal name that an element without wildcards stands for: escapes removed. */
  public static String unescape(String element) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < element.length(); i++) {
      boolean escape = element.charAt(i) == '\\' && i + 1 < element.length();
      out.append(element.charAt(escape ? ++i : i));
    }
    return out.toString();
  }

  public boolean matches(String path) {
    return glob.matches(path);
  }

  @Override
  public String toString() {
    return text;
  }

  /** Splits at slashes, so that a walk can go down element by element. */
  public static List<String> elements(String pattern) {
    return List.of(pattern.split("/", -1)).stream()
        .filter(element -> !element.isEmpty())
        .collect(Collectors.toUnmodifiableList());
  }
}
