package io.jbuild.cli;

import io.jbuild.builder.extend.BuildfileLoader;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckInput;
import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Linter;
import io.jbuild.builder.outline.Outline;
import io.jbuild.builder.outline.Target;
import io.jbuild.cli.text.Text;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * {@code build --call=…}: tells of the Buildfile what its users want to know, and builds nothing.
 * Tables and JSON are those of BuildKit's frontend.
 */
final class BuildCall {
  private final CommandBase command;
  private final CallOption call;
  private final BuildfileOptions options;
  private final PrintStream out;

  BuildCall(CommandBase command, CallOption call, BuildfileOptions options) {
    this.command = command;
    this.call = call;
    this.options = options;
    this.out = command.console.out();
  }

  /** The exit code. */
  int run() throws Exception {
    CheckInput input = options.read();
    switch (call.kind()) {
      case CHECK:
        return check(input);
      case OUTLINE:
        return outline(input);
      case TARGETS:
        return targets(input);
      default:
        throw new IllegalStateException("a build is no call");
    }
  }

  private int check(CheckInput input) throws Exception {
    CheckReport report;
    try (StoredBases bases = new StoredBases(command)) {
      report = Linter.check(input.source(), options.checks(input).withBases(bases));
    }
    if (call.json()) {
      CallJson.check(report, input.source(), out);
    } else {
      FindingsText.summary(report, out);
      FindingsText.write(report.findings(), out);
    }
    report.invalid().ifPresent(error -> command.console.err().println(error.render()));
    boolean found = !report.findings().isEmpty() && !call.ignoreStatus();
    return report.invalid().isPresent() || found ? ExitCode.FAILED : ExitCode.OK;
  }

  private Buildfile parse(CheckInput input, CheckContext checks) throws Exception {
    return BuildfileLoader.load(input.source(), checks.facts());
  }

  private int targets(CheckInput input) throws Exception {
    List<Target> targets = Target.of(parse(input, options.checks(input)));
    if (call.json()) {
      CallJson.targets(targets, input.source(), out);
      return ExitCode.OK;
    }
    Table table = new Table("TARGET", "BASE", "DESCRIPTION");
    for (Target target : targets) {
      String name = target.name().orElse("");
      String shown = target.isDefault() ? (name + " (default)").strip() : name;
      table.row(shown, Text.printable(target.base()), printable(target.description()));
    }
    table.print(out);
    return ExitCode.OK;
  }

  private int outline(CheckInput input) throws Exception {
    CheckContext checks = options.checks(input);
    Outline outline =
        Outline.of(
            parse(input, checks),
            checks.target(),
            checks.buildArgs(),
            checks.contexts(),
            checks.platform());
    if (call.json()) {
      CallJson.outline(outline, input.source(), out);
    } else {
      print(outline);
    }
    return ExitCode.OK;
  }

  private void print(Outline outline) {
    out.println("TARGET:      " + outline.name().orElse("(default)"));
    outline.description().ifPresent(text -> out.println("DESCRIPTION: " + Text.printable(text)));
    Table arguments = new Table("BUILD ARG", "VALUE", "DESCRIPTION");
    for (Outline.Argument argument : outline.arguments()) {
      arguments.row(
          argument.name(), printable(argument.value()), printable(argument.description()));
    }
    Table secrets = new Table("SECRET", "REQUIRED");
    outline.secrets().forEach(s -> secrets.row(Text.printable(s.id()), required(s.required())));
    Table agents = new Table("SSH", "REQUIRED");
    outline.ssh().forEach(s -> agents.row(Text.printable(s.id()), required(s.required())));
    Table caches = new Table("CACHE MOUNT");
    outline.caches().forEach(cache -> caches.row(Text.printable(cache.id())));
    for (Table table : List.of(arguments, secrets, agents, caches)) {
      if (!table.isEmpty()) {
        out.println();
        table.print(out);
      }
    }
  }

  private static String required(boolean required) {
    return required ? "true" : "";
  }

  private static String printable(Optional<String> text) {
    return text.map(Text::printable).orElse("");
  }
}
