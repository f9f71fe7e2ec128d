package io.jbuild.builder.parse;

import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.source.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the node of one logical line. */
final class NodeReader {
  private static final Pattern COMMAND_BEGIN = Pattern.compile("(?<!\\S)[^\\s=\"'$]+=\"?\\$\\(");
  private static final Pattern COMMAND =
      Pattern.compile("([^\\s=\"'$]+)=(\"?)\\$\\((.*)\\)\\2", Pattern.DOTALL);
  private static final Pattern NEXT_COMMAND = Pattern.compile("\\)\"?\\s+[^\\s=\"'$]+=\"?\\$\\(");

  private final Source source;
  private final LogicalLine line;
  private final char escape;
  private final boolean extended;
  private final String text;

  /**
   * @param extended whether the language is {@link Frontend#JBUILD_1}
   */
  NodeReader(Source source, LogicalLine line, char escape, boolean extended) {
    this.source = source;
    this.line = line;
    this.escape = escape;
    this.extended = extended;
    this.text = line.text();
  }

  /** Reads the instruction, without its here-documents. */
  Node read(List<String> comments) throws BuildfileException {
    return read(Blanks.skip(text, 0), comments);
  }

  private Node read(int start, List<String> comments) throws BuildfileException {
    int end = start;
    while (end < text.length() && !Blanks.isBlank(text.charAt(end))) {
      end++;
    }
    String written = text.substring(start, end);
    Keyword keyword = keyword(written, line.range(start, end));
    FlagSplitter splitter = new FlagSplitter(text, end);
    List<Flag> flags = new ArrayList<>();
    for (WordSplitter.Piece piece : splitter.split()) {
      flags.add(Flag.of(piece.text(), line.range(piece.start(), piece.end())));
    }
    int bodyStart = splitter.end();
    String body = Blanks.trim(text.substring(bodyStart));
    return new Node(
        source,
        keyword,
        written,
        flags,
        body,
        arguments(keyword, body, bodyStart),
        List.of(),
        comments,
        line.range(start, text.length()),
        Blanks.trim(text.substring(start)));
  }

  private Keyword keyword(String written, SourceRange range) throws BuildfileException {
    Optional<Keyword> keyword = Keyword.find(written);
    if (keyword.isPresent() && (extended || !keyword.get().isExtension())) {
      return keyword.get();
    }
    String problem =
        written.isEmpty()
            ? "a continuation that continues nothing"
            : "unknown instruction: " + written;
    Optional<String> hint =
        keyword.isPresent()
            ? Optional.of(Frontend.hint(keyword.get().name()))
            : Suggestion.hint(written, Keyword.names(extended)).or(() -> notOne(written));
    throw new BuildfileException(problem, source, range, hint).at(written);
  }

  /** The two ways in which a shell command comes to stand where an instruction should. */
  private static Optional<String> notOne(String written) {
    return written.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "a command needs RUN in front; a line that goes on the one above needs an escape"
                + " character at that one's end");
  }

  private Arguments arguments(Keyword keyword, String body, int bodyStart)
      throws BuildfileException {
    return switch (keyword.shape()) {
      case JSON_OR_TEXT -> jsonOrText(body, bodyStart);
      case JSON_OR_WORDS -> {
        Optional<Arguments> json = json(body, bodyStart);
        yield json.isPresent() ? json.get() : words(WordSplitter.plain(body), bodyStart);
      }
      case WORDS -> words(WordSplitter.plain(body), bodyStart);
      case QUOTED_WORDS -> {
        Optional<Arguments> computed =
            extended && keyword == Keyword.ARG ? computed(body, bodyStart) : Optional.empty();
        yield computed.isPresent()
            ? computed.get()
            : words(new WordSplitter(body, escape).quoted(), bodyStart);
      }
      case PAIRS -> pairs(keyword, body, bodyStart);
      case TEXT -> new Arguments.Text(body);
      case TRIGGER -> trigger(body, bodyStart);
      case HEALTH -> health(body, bodyStart);
    };
  }

  /** A command is taken as it is up to the last parenthesis: the shell alone can read it. */
  private Optional<Arguments> computed(String body, int bodyStart) throws BuildfileException {
    Matcher begin = COMMAND_BEGIN.matcher(body);
    if (!begin.find()) {
      return Optional.empty();
    }
    Matcher whole = COMMAND.matcher(body);
    if (!whole.matches() || NEXT_COMMAND.matcher(body).find()) {
      throw error(
          "ARG name=$(command) stands alone, and the command is the whole value",
          bodyStart + begin.start(),
          bodyStart + body.length());
    }
    if (whole.group(3).isBlank()) {
      throw error("ARG " + whole.group(1) + "=$() has no command", bodyStart, bodyStart);
    }
    return Optional.of(
        new Arguments.Computed(
            whole.group(1),
            whole.group(3).strip(),
            line.range(bodyStart, bodyStart + body.length())));
  }

  private Arguments trigger(String body, int bodyStart) throws BuildfileException {
    if (body.isEmpty()) {
      throw error("ONBUILD requires at least one argument", bodyStart, bodyStart);
    }
    int end = 0;
    while (end < body.length() && !Blanks.isBlank(body.charAt(end))) {
      end++;
    }
    // Refused before it is read, so that nesting cannot exhaust the stack.
    if (body.substring(0, end).equalsIgnoreCase("ONBUILD")) {
      throw error("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", bodyStart, bodyStart)
          .at(body.substring(0, end));
    }
    return new Arguments.Trigger(read(bodyStart, List.of()));
  }

  private Arguments jsonOrText(String body, int bodyStart) throws BuildfileException {
    Optional<Arguments> json = json(body, bodyStart);
    return json.isPresent() ? json.get() : new Arguments.Text(body);
  }

  /** Empty for what is not JSON: that is no error, it is the other form. */
  private Optional<Arguments> json(String body, int bodyStart) throws BuildfileException {
    if (!body.startsWith("[")) {
      return Optional.empty();
    }
    Optional<Object> value = JsonText.parse(body);
    if (value.isEmpty() || !(value.get() instanceof List<?> list)) {
      return Optional.empty();
    }
    List<String> strings = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof String string)) {
        throw error(
            "when using JSON array syntax, arrays must be comprised of strings only",
            bodyStart,
            bodyStart + body.length(),
            "write every element in double quotes");
      }
      strings.add(string);
    }
    return Optional.of(new Arguments.Json(strings));
  }

  private Arguments words(List<WordSplitter.Piece> pieces, int bodyStart) {
    List<Arguments.Word> words = new ArrayList<>();
    for (WordSplitter.Piece piece : pieces) {
      words.add(new Arguments.Word(piece.text(), range(piece, bodyStart)));
    }
    return new Arguments.Words(words);
  }

  private SourceRange range(WordSplitter.Piece piece, int bodyStart) {
    return line.range(bodyStart + piece.start(), bodyStart + piece.end());
  }

  private Arguments pairs(Keyword keyword, String body, int bodyStart) throws BuildfileException {
    List<WordSplitter.Piece> pieces = new WordSplitter(body, escape).quoted();
    if (!pieces.isEmpty() && pieces.get(0).text().indexOf('=') < 0) {
      return legacyPair(keyword, body, bodyStart);
    }
    List<Arguments.Pair> pairs = new ArrayList<>();
    for (WordSplitter.Piece piece : pieces) {
      int equals = piece.text().indexOf('=');
      if (equals < 0) {
        throw error(
                "can't find = in \"" + piece.text() + "\"; must be of the form: name=value",
                bodyStart + piece.start(),
                bodyStart + piece.end(),
                "a value with blanks needs quotes around it")
            .at(piece.text());
      }
      String key = piece.text().substring(0, equals);
      String value = piece.text().substring(equals + 1);
      pairs.add(new Arguments.Pair(key, value, false, range(piece, bodyStart)));
    }
    return new Arguments.Pairs(pairs);
  }

  /** {@code ENV key the rest is the value}. */
  private Arguments legacyPair(Keyword keyword, String body, int bodyStart)
      throws BuildfileException {
    int end = 0;
    while (end < body.length() && !Blanks.isBlank(body.charAt(end))) {
      end++;
    }
    int value = end;
    while (value < body.length() && Blanks.isBlank(body.charAt(value))) {
      value++;
    }
    if (value >= body.length()) {
      throw error(
          keyword + " must have two arguments",
          bodyStart,
          bodyStart + body.length(),
          "write " + keyword + " " + Blanks.trim(body) + "=VALUE");
    }
    SourceRange range = line.range(bodyStart, bodyStart + body.length());
    Arguments.Pair pair =
        new Arguments.Pair(body.substring(0, end), body.substring(value), true, range);
    return new Arguments.Pairs(List.of(pair));
  }

  private Arguments health(String body, int bodyStart) throws BuildfileException {
    int end = 0;
    while (end < body.length() && !Blanks.isSpace(body.charAt(end))) {
      end++;
    }
    int rest = Blanks.skip(body, end);
    return new Arguments.Health(
        body.substring(0, end), jsonOrText(body.substring(rest), bodyStart + rest));
  }

  private BuildfileException error(String problem, int start, int end, String hint) {
    return new BuildfileException(problem, source, line.range(start, end), Optional.of(hint));
  }

  private BuildfileException error(String problem, int start, int end) {
    return new BuildfileException(problem, source, line.range(start, end));
  }
}
