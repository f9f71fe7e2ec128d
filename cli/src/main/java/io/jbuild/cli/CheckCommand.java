package io.jbuild.cli;

import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckInput;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Linter;
import io.jbuild.builder.lint.Rule;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = "Look for likely mistakes in a Buildfile, without building it.",
    footer = {
      "",
      "Exit code 1: the file is invalid, or has findings and says '# check=error=true'."
          + " docs/checks explains every check, and how to skip one; --list-rules names them all."
    })
final class CheckCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      paramLabel = "CONTEXT",
      arity = "0..1",
      description = "Directory of the Buildfile and its ignore file; '-' for none (default: .).")
  @Nullable String context;

  @Mixin ReadingOptions reading = new ReadingOptions();

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "Check this stage and what it needs (default: all stages).")
  @Nullable String target;

  @Option(
      names = "--build-context",
      paramLabel = "NAME=SOURCE",
      description = "A named context that a build will be given.")
  List<String> contexts = List.of();

  @Mixin FormatOption format = new FormatOption();

  @Option(
      names = "--cost",
      negatable = true,
      description = "Hints about cost; in text they come unless --no-cost.")
  @Nullable Boolean cost;

  @Option(names = "--list-rules", description = "List all checks, and check nothing.")
  boolean listRules;

  CheckCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    boolean json = format.isJson();
    if (listRules) {
      listRules(json);
      return ExitCode.OK;
    }
    BuildfileOptions options = reading.of(context, target, contexts);
    CheckInput input = options.read();
    CheckContext checks = options.checks(input).withCost(cost == null ? !json : cost);
    CheckReport report;
    try (StoredBases bases = new StoredBases(this)) {
      report = Linter.check(input.source(), checks.withBases(bases));
    }
    if (json) {
      FindingsJson.write(report.findings(), console.out());
    } else {
      FindingsText.write(report.findings(), console.out());
    }
    return summary(report, json);
  }

  private void listRules(boolean json) throws IOException {
    if (json) {
      FindingsJson.writeRules(console.out());
      return;
    }
    Table table = new Table("RULE", "KIND", "SUMMARY");
    for (Rule rule : Rule.values()) {
      table.row(rule.ruleName(), rule.kind().name().toLowerCase(Locale.ROOT), rule.summary());
    }
    table.print(console.out());
  }

  private int summary(CheckReport report, boolean json) {
    report.invalid().map(BuildfileException::render).ifPresent(console.err()::println);
    if (!json && report.invalid().isEmpty()) {
      int found = report.findings().size();
      console
          .err()
          .println(found == 0 ? "nothing found" : found == 1 ? "1 finding" : found + " findings");
    }
    return report.failed() ? ExitCode.FAILED : ExitCode.OK;
  }
}
