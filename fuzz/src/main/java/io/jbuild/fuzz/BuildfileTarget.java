package io.jbuild.fuzz;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Expose;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Linter;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A tree or a BuildfileException, nothing else; what parses prints, and prints the same again. */
final class BuildfileTarget {
  private static final Map<String, String> ENV =
      Map.of("a", "b c", "version", "1.2.3", "empty", "", "HOME", "/root");

  private BuildfileTarget() {}

  static void check(String text) throws Exception {
    Source source = Source.of("Buildfile", text);
    Buildfile file;
    try {
      file = Buildfile.parse(source);
    } catch (BuildfileException e) {
      checkError(e, source);
      return;
    }
    checkPrinted(file.syntax());
    for (Stage stage : file.stages()) {
      for (Instruction instruction : stage.instructions()) {
        expand(instruction, source, file.directives().escape());
      }
    }
    CheckReport report = Linter.check(source, CheckContext.defaults().withCost(true));
    report.invalid().ifPresent(e -> checkError(e, source));
    report.findings().forEach(finding -> Promise.readable(finding.message()));
  }

  /** As a build does before its first step. */
  static void read(String text) throws Exception {
    try {
      Source source = Source.of("Buildfile", text);
      Buildfile file = Buildfile.parse(source);
      Linter.check(source, CheckContext.defaults().withCost(true));
      StageGraph.of(file, Optional.empty(), new TreeMap<>(), new TreeMap<>(), Platform.host())
          .needed();
    } catch (BuildfileException e) {
      Promise.readable(e.render());
    }
  }

  private static void checkPrinted(SyntaxTree tree) {
    String printed = tree.print();
    SyntaxTree again;
    try {
      again = Parser.parse(Source.of("printed", printed));
    } catch (BuildfileException e) {
      throw new AssertionError("does not parse any more:\n" + printed, e);
    }
    Promise.same(Shape.of(tree), Shape.of(again), printed);
    Promise.same(printed, again.print(), "printed twice");
  }

  private static void expand(Instruction instruction, Source source, char escape) {
    try {
      Instruction expanded = instruction.expand(new Expansion(ENV, escape));
      Promise.same(instruction.keyword(), expanded.keyword(), "keyword");
      if (expanded instanceof Run run) {
        run.resolveMounts(new Expansion(ENV, escape));
      } else if (expanded instanceof Expose expose) {
        expose.parsed();
      }
    } catch (BuildfileException e) {
      checkError(e, source);
    }
  }

  private static void checkError(BuildfileException e, Source source) {
    if (e.source() == source) {
      int lines = Math.max(1, source.lineCount());
      Promise.holds(e.range().endLine() <= lines, "a line that is not there: " + e.range());
    }
    Promise.readable(e.problem());
    Promise.readable(e.render());
  }
}
