package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Maintainer;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.Warning;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Checks of how the file is written: letter case, names, comments. */
final class SyntaxRules {
  private static final Set<String> RESERVED = Set.of("scratch", "context");

  private final Buildfile file;
  private final Lines lines;
  private final Findings findings;

  SyntaxRules(Buildfile file, Lines lines, Findings findings) {
    this.file = file;
    this.lines = lines;
    this.findings = findings;
  }

  void check() {
    emptyContinuations();
    List<Node> nodes = file.syntax().nodes();
    List<Line> all = lines.all();
    for (int i = 0; i < nodes.size(); i++) {
      instruction(all.get(i), nodes.get(i));
    }
    stageNames();
    casing();
  }

  /** The parser knows of these: the nodes have no lines left. */
  private void emptyContinuations() {
    for (Warning warning : file.warnings()) {
      Checks own =
          lines.all().stream()
              .filter(line -> contains(line, warning))
              .findFirst()
              .map(Line::checks)
              .orElse(Checks.NONE);
      if (warning.rule().equals(Rule.NO_EMPTY_CONTINUATION.ruleName())) {
        String message = "an empty line does not end an instruction that is continued";
        findings.add(warning.source(), warning.range(), own, Rule.NO_EMPTY_CONTINUATION, message);
      }
    }
  }

  private static boolean contains(Line line, Warning warning) {
    return line.instruction().origin().source() == warning.source()
        && line.range().contains(warning.range().startLine());
  }

  private void instruction(Line line, Node node) {
    if (line.instruction() instanceof Maintainer) {
      String message = "MAINTAINER is deprecated: LABEL org.opencontainers.image.authors=… is read";
      findings.add(line, Rule.MAINTAINER_DEPRECATED, message);
    } else if (line.instruction() instanceof Arg arg) {
      List<String> names = arg.definitions().stream().map(Arg.Definition::name).toList();
      description(line, node, "ARG", names);
    } else if (line.instruction() instanceof From from) {
      stageName(line, from);
      asKeyword(line, node);
      from.name().ifPresent(name -> description(line, node, "FROM", List.of(name)));
    }
  }

  private void stageName(Line line, From from) {
    Optional<String> written = from.writtenName().filter(name -> !isLower(name));
    written.ifPresent(
        name ->
            findings.add(
                line,
                Rule.STAGE_NAME_CASING,
                "stage name \"" + name + "\" should be in lower case"));
  }

  /** A FROM of mixed case is another rule's; then there is nothing to agree with. */
  private void asKeyword(Line line, Node node) {
    String from = node.written();
    if (!(node.arguments() instanceof Arguments.Words words) || words.words().size() < 3) {
      return;
    }
    String as = words.words().get(1).text();
    boolean agrees = isLower(from) ? isLower(as) : isUpper(as);
    if (isUniform(from) && !agrees) {
      findings.add(
          line, Rule.FROM_AS_CASING, "\"" + as + "\" is not in the case of \"" + from + "\"");
    }
  }

  /** The last comment above ARG and FROM is shown as the description of what it names first. */
  private void description(Line line, Node node, String keyword, List<String> names) {
    List<String> comments = node.comments().stream().filter(c -> !c.startsWith("check=")).toList();
    int above = line.range().startLine() - 1;
    // An empty line keeps a comment apart, although it stays the instruction's for other purposes.
    if (comments.isEmpty() || node.source().line(above).isBlank()) {
      return;
    }
    String first = comments.get(comments.size() - 1).split(" ", 2)[0];
    if (!names.contains(first)) {
      String name = names.size() == 1 ? names.get(0) : "NAME";
      findings.add(
          line,
          Rule.INVALID_DEFINITION_DESCRIPTION,
          "the comment above " + keyword + " is not of the form \"# " + name + " DESCRIPTION\"");
    }
  }

  private void stageNames() {
    Set<String> seen = new HashSet<>();
    for (Stage stage : file.stages()) {
      Line line = lines.from(stage);
      String name = stage.name().orElse("");
      if (RESERVED.contains(name)) {
        findings.add(
            line, Rule.RESERVED_STAGE_NAME, "\"" + name + "\" is a reserved name, not a stage's");
      }
      if (!name.isEmpty() && !seen.add(name)) {
        findings.add(
            line, Rule.DUPLICATE_STAGE_NAME, "stage name \"" + name + "\" is used more than once");
      }
    }
  }

  /** All keywords should be in the case of the majority, upper case where there is none. */
  private void casing() {
    List<Line> counted = lines.stages().stream().flatMap(List::stream).toList();
    long lower = counted.stream().filter(line -> isLower(line.written())).count();
    long upper = counted.stream().filter(line -> isUpper(line.written())).count();
    boolean wantsLower = lower > upper;
    for (Line line : counted) {
      if (wantsLower ? !isLower(line.written()) : !isUpper(line.written())) {
        findings.add(
            line,
            Rule.CONSISTENT_INSTRUCTION_CASING,
            "\""
                + line.written()
                + "\" should be in "
                + (wantsLower ? "lower" : "upper")
                + " case as most instructions of this file");
      }
    }
  }

  private static boolean isUniform(String word) {
    return isLower(word) || isUpper(word);
  }

  private static boolean isLower(String word) {
    return word.equals(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT));
  }
}
