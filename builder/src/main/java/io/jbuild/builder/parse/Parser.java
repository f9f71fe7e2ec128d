package io.jbuild.builder.parse;

import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.source.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a whole file: joins lines, drops comments, collects here-documents. */
public final class Parser {
  private final Source source;
  private final LineReader lines;
  private final Directives directives;
  private final int lastDirective;
  private final boolean extended;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private List<String> comments = new ArrayList<>();

  private Parser(Source source, Directives directives, int lastDirective, boolean extended) {
    this.extended = extended;
    this.source = source;
    this.lines = new LineReader(source);
    this.directives = directives;
    this.lastDirective = lastDirective;
  }

  public static SyntaxTree parse(Source source) throws BuildfileException {
    return parse(source, Optional.empty());
  }

  /**
   * Parses a file.
   *
   * @param syntax replaces what the file's syntax directive says
   * @throws BuildfileException also when the file is for a frontend that is not this one
   */
  public static SyntaxTree parse(Source source, Optional<String> syntax) throws BuildfileException {
    DirectiveReader reader = new DirectiveReader(source);
    Directives directives = reader.read();
    boolean extended = frontend(source, directives, syntax) == Frontend.JBUILD_1;
    return new Parser(source, directives, reader.lastLine(), extended).parse();
  }

  /**
   * Parses a file that another one of {@link Frontend#JBUILD_1} includes: it is of that language,
   * unless it says otherwise itself.
   */
  public static SyntaxTree parseIncluded(Source source) throws BuildfileException {
    DirectiveReader reader = new DirectiveReader(source);
    Directives directives = reader.read();
    boolean extended =
        directives.syntax().isEmpty()
            || frontend(source, directives, Optional.empty()) == Frontend.JBUILD_1;
    return new Parser(source, directives, reader.lastLine(), extended).parse();
  }

  private static Frontend frontend(Source source, Directives directives, Optional<String> syntax)
      throws BuildfileException {
    Optional<String> asked = syntax.or(() -> directives.syntax().map(Directives.Directive::value));
    Frontend frontend = asked.map(Frontend::of).orElse(Frontend.DOCKERFILE);
    if (frontend == Frontend.FOREIGN) {
      SourceRange range =
          directives.syntax().map(Directives.Directive::range).orElse(SourceRange.line(1));
      throw new BuildfileException(
              "cannot run the frontend \"" + asked.orElse("") + "\"",
              source,
              range,
              Optional.of(Frontend.known(asked.orElse(""))))
          .at(asked.orElse(""));
    }
    return frontend;
  }

  private SyntaxTree parse() throws BuildfileException {
    while (lines.next()) {
      String text = Blanks.trimLeft(lines.text());
      if (text.startsWith("#")) {
        comment(text);
      } else if (!text.isEmpty()) {
        nodes.add(instruction(text));
        comments = new ArrayList<>();
      }
    }
    if (nodes.isEmpty()) {
      throw new BuildfileException("file with no instructions", source, source.end());
    }
    return new SyntaxTree(source, directives, extended, nodes, warnings);
  }

  /** An empty comment ends a paragraph; only the last one belongs to the instruction below. */
  private void comment(String text) {
    String content = Blanks.trim(text.substring(1));
    if (lines.line() <= lastDirective || content.isEmpty()) {
      comments = new ArrayList<>();
    } else {
      comments.add(content);
    }
  }

  private Node instruction(String first) throws BuildfileException {
    int start = lines.line();
    LogicalLine logical = new LogicalLine();
    boolean more = append(logical, first);
    boolean emptyLine = false;
    while (more && lines.next()) {
      String text = Blanks.trimLeft(lines.text());
      if (text.isEmpty()) {
        emptyLine = true;
      } else if (!text.startsWith("#")) {
        more = append(logical, lines.text());
      }
    }
    SourceRange range = new SourceRange(start, lines.line());
    if (emptyLine) {
      SourceRange last = SourceRange.line(lines.line());
      warnings.add(new Warning("NoEmptyContinuation", "Empty continuation line", source, last));
    }
    Node node = new NodeReader(source, logical, directives.escape(), extended).read(comments);
    return withHeredocs(node, logical.text(), range);
  }

  /** Adds a physical line; whether the next one continues it. */
  private boolean append(LogicalLine logical, String text) throws BuildfileException {
    lines.checkText();
    int end = continuation(text);
    logical.append(end < 0 ? text : text.substring(0, end), lines.line());
    return end >= 0;
  }

  /** Where the escape character is that continues the line, or -1. */
  private int continuation(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    char escape = directives.escape();
    boolean continues =
        end > 0 && text.charAt(end - 1) == escape && (end == 1 || text.charAt(end - 2) != escape);
    return continues ? end - 1 : -1;
  }

  private Node withHeredocs(Node node, String line, SourceRange range) throws BuildfileException {
    Node owner = node.innermost();
    boolean takes =
        owner.keyword().takesHeredocs() && !(owner.arguments() instanceof Arguments.Json);
    if (!takes) {
      return node.withHeredocs(List.of(), range);
    }
    List<Heredoc> heredocs = new ArrayList<>();
    for (HeredocWord word : HeredocWord.findAll(line)) {
      heredocs.add(heredoc(word, range));
    }
    return node.withHeredocs(heredocs, new SourceRange(range.startLine(), lines.line()));
  }

  private Heredoc heredoc(HeredocWord word, SourceRange opening) throws BuildfileException {
    StringBuilder text = new StringBuilder();
    while (lines.next()) {
      lines.checkText();
      String line = lines.text();
      if (word.name().equals(word.stripTabs() ? withoutLeadingTabs(line) : line)) {
        return word.with(text.toString());
      }
      text.append(lines.raw());
    }
    throw new BuildfileException(
        "unterminated heredoc",
        source,
        opening,
        Optional.of("no line below is exactly \"" + word.name() + "\"" + nearly(word, opening)));
  }

  /** The line that the writer took for the end. */
  private String nearly(HeredocWord word, SourceRange opening) {
    for (int line = opening.endLine() + 1; line <= source.lineCount(); line++) {
      if (source.line(line).strip().equals(word.name())) {
        boolean tabs = withoutLeadingTabs(source.line(line)).equals(word.name());
        return "; line " + line + (tabs ? " has tabs in front: <<- takes those" : " has blanks");
      }
    }
    return "";
  }

  private static String withoutLeadingTabs(String line) {
    int start = 0;
    while (start < line.length() && line.charAt(start) == '\t') {
      start++;
    }
    return line.substring(start);
  }
}
