package io.jbuild.builder.parse;

import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.parse.Directives.Directive;
import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the comments at the top of a file that are directives, up to the first line that is not.
 */
final class DirectiveReader {
  private static final Set<String> KEYS = Set.of("syntax", "escape", "check");
  private static final char DEFAULT_ESCAPE = '\\';

  /** A file that is one JSON object is another frontend's input; more is not looked at. */
  private static final int MAX_JSON_LINES = 10_000;

  private final Source source;
  private final Map<String, Directive> found = new LinkedHashMap<>();

  DirectiveReader(Source source) {
    this.source = source;
  }

  Directives read() throws BuildfileException {
    readComments("#");
    Directive syntax = found.get("syntax");
    Optional<Directive> named =
        syntax != null ? Optional.of(syntax) : slashSyntax().or(this::jsonSyntax);
    Optional<Directive> check = Optional.ofNullable(found.get("check"));
    Checks checks = Checks.NONE;
    if (check.isPresent()) {
      checks = ChecksReader.read(check.get().value(), source, check.get().range());
    }
    return new Directives(escape(), named, check, checks);
  }

  /** The number of the last directive line; comments from there on are ordinary. */
  int lastLine() {
    return found.values().stream().mapToInt(d -> d.range().endLine()).max().orElse(0);
  }

  private char escape() throws BuildfileException {
    Directive escape = found.get("escape");
    if (escape == null) {
      return DEFAULT_ESCAPE;
    }
    if (!escape.value().equals("\\") && !escape.value().equals("`")) {
      String problem = "invalid escape token '" + escape.value() + "': it must be ` or \\";
      throw new BuildfileException(problem, source, escape.range()).at(escape.value());
    }
    return escape.value().charAt(0);
  }

  private int firstLine() {
    boolean shebang = source.lineCount() > 0 && source.line(1).startsWith("#!");
    return shebang ? 2 : 1;
  }

  private void readComments(String mark) throws BuildfileException {
    for (int line = firstLine(); line <= source.lineCount(); line++) {
      Optional<Directive> directive = parse(source.line(line), mark, line);
      if (directive.isEmpty()) {
        return;
      }
      if (found.put(directive.get().key(), directive.get()) != null) {
        throw new BuildfileException(
            "only one " + directive.get().key() + " parser directive can be used",
            source,
            SourceRange.line(line));
      }
    }
  }

  /** {@code // syntax=…}, for files of frontends whose comments look like that. */
  private Optional<Directive> slashSyntax() {
    for (int line = firstLine(); line <= source.lineCount(); line++) {
      Optional<Directive> directive = parse(source.line(line), "//", line);
      if (directive.isEmpty() || directive.get().key().equals("syntax")) {
        return directive;
      }
    }
    return Optional.empty();
  }

  private Optional<Directive> jsonSyntax() {
    int first = firstLine();
    boolean looksLikeJson =
        first <= source.lineCount()
            && source.lineCount() <= MAX_JSON_LINES
            && Blanks.trimLeft(source.line(first)).startsWith("{");
    if (!looksLikeJson) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    for (int line = first; line <= source.lineCount(); line++) {
      text.append(source.rawLine(line));
    }
    Optional<Object> value = JsonText.parse(text.toString());
    if (value.isPresent()
        && value.get() instanceof Map<?, ?> map
        && map.get("syntax") instanceof String syntax) {
      return Optional.of(new Directive("syntax", syntax, SourceRange.line(first)));
    }
    return Optional.empty();
  }

  private static Optional<Directive> parse(String line, String mark, int number) {
    String text = Blanks.trimLeft(line);
    int equals = text.indexOf('=');
    if (!text.startsWith(mark) || equals < 0) {
      return Optional.empty();
    }
    String key = Blanks.trim(text.substring(mark.length(), equals)).toLowerCase(Locale.ROOT);
    String value = Blanks.trim(text.substring(equals + 1));
    if (!KEYS.contains(key) || value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Directive(key, value, SourceRange.line(number)));
  }
}
