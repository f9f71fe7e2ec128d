package io.jbuild.builder.parse;

import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.SourceRange;
import java.util.Optional;

/**
 * A {@code --name} or {@code --name=value}, quotes and escapes removed.
 *
 * @param value empty without {@code =}, which differs from an empty value
 */
public record Flag(String name, Optional<String> value, SourceRange range) {

  static Flag of(String word, SourceRange range) {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    Optional<String> value =
        equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
    return new Flag(name, value, range);
  }

  /** As it is written when nothing in it needs a quote. */
  public String written() {
    return "--" + name + value.map(v -> "=" + v).orElse("");
  }

  void print(StringBuilder out) {
    out.append(' ');
    String text = written();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' || c == '"' || c == '\'' || Blanks.isSpace(c)) {
        out.append('\\');
      }
      out.append(c);
    }
  }
}
