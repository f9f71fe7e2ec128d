package io.jbuild.builder.parse;

/**
 * A here-document: the lines between an instruction and its terminator.
 *
 * @param name the terminator, quotes removed
 * @param expand whether variables in it are expanded: no part of the name was quoted
 * @param stripTabs whether it was opened with {@code <<-}
 * @param descriptor the number before {@code <<}, 0 when there is none
 * @param text the lines as written, with their terminators
 */
public record Heredoc(String name, boolean expand, boolean stripTabs, int descriptor, String text) {

  /** The text, without leading tabs where {@code <<-} asked for that. */
  public String content() {
    if (!stripTabs) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean lineStart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!lineStart || c != '\t') {
        out.append(c);
        lineStart = c == '\n';
      }
    }
    return out.toString();
  }
}
