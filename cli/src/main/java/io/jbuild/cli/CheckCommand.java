package io.jbuild.cli;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckInput;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Finding;
import io.jbuild.builder.lint.Linter;
import io.jbuild.builder.lint.Rule;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.cli.text.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "check",
    description = "Look for likely mistakes in a Buildfile, without building it.",
    footer = {"", "docs/checks explains every check, and how to skip one."})
final class CheckCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      paramLabel = "CONTEXT",
      arity = "0..1",
      description = "Directory of the Buildfile and its ignore file; '-' for none (default: .).")
  @Nullable String context;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The Buildfile, '-' for standard input.")
  @Nullable String file;

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "Check this stage and what it needs (default: all stages).")
  @Nullable String target;

  @Option(
      names = "--build-arg",
      paramLabel = "NAME[=VALUE]",
      description = "Value of an ARG; without '=' the value of the environment.")
  List<String> buildArgs = List.of();

  @Option(
      names = "--build-context",
      paramLabel = "NAME=SOURCE",
      description = "A named context that a build will be given.")
  List<String> contexts = List.of();

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Platform of the image (default: this machine's).")
  @Nullable String platform;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How findings are written (default: text).")
  String format = "text";

  @Option(
      names = "--cost",
      negatable = true,
      description = "Hints about cost; in text they come unless --no-cost.")
  @Nullable Boolean cost;

  CheckCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    boolean json = isJson();
    CheckInput input = input();
    CheckContext options = options(input, cost == null ? !json : cost);
    CheckReport report;
    try (StoredBases bases = new StoredBases(this)) {
      report = Linter.check(input.source(), options.withBases(bases));
    }
    if (json) {
      FindingsJson.write(report.findings(), console.out());
    } else {
      report.findings().forEach(finding -> print(finding, input.source()));
    }
    return summary(report, json);
  }

  private boolean isJson() {
    switch (format.toLowerCase(Locale.ROOT)) {
      case "text":
        return false;
      case "json":
        return true;
      default:
        throw new TypeConversionException("--format is text or json, not '" + format + "'");
    }
  }

  private CheckInput input() throws Exception {
    boolean noContext = "-".equals(context);
    BuildContext directory =
        noContext
            ? new BuildContext.None()
            : new BuildContext.Directory(Path.of(context == null ? "." : context));
    return CheckInput.read(directory, buildfile(noContext));
  }

  private BuildfileInput buildfile(boolean noContext) throws IOException {
    if ("-".equals(file) || (noContext && file == null)) {
      return new BuildfileInput.Text("-", System.in.readAllBytes());
    }
    return file == null ? new BuildfileInput.Default() : new BuildfileInput.File(Path.of(file));
  }

  private CheckContext options(CheckInput input, boolean withCost) {
    CheckContext options =
        CheckContext.defaults()
            .withIgnores(input.ignores())
            .withBuildArgs(Values.pairsOrEnvironment(buildArgs, System.getenv()))
            .withTarget(Optional.ofNullable(target))
            .withContexts(Values.contexts(contexts))
            .withCost(withCost);
    return platform == null ? options : options.withPlatform(BuildCommand.platform(platform));
  }

  private void print(Finding finding, Source source) {
    String kind = finding.rule().kind() == Rule.Kind.COST ? "hint: " : "warning: ";
    console.out().println(kind + Text.printable(finding.text(source)));
    console.out().print(source.excerpt(finding.range()));
    console.out().println("see " + finding.rule().page());
    console.out().println();
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
