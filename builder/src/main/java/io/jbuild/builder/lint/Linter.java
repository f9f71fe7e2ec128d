package io.jbuild.builder.lint;

import io.jbuild.builder.UserException;
import io.jbuild.builder.extend.BuildfileLoader;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.parse.Directives.Checks;
import io.jbuild.builder.plan.NamedContexts;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs all checks over one file. */
public final class Linter {
  /** A build argument that replaces the file's {@code # check=} directive. */
  public static final String OVERRIDE = "BUILDKIT_DOCKERFILE_CHECK";

  private final Buildfile file;
  private final CheckContext context;
  private final Findings findings;
  private final Lines lines;
  private final Map<Stage, StageScope> ends = new HashMap<>();
  private final Map<Stage, List<Step>> steps = new HashMap<>();

  private Linter(Buildfile file, CheckContext context, Checks checks) {
    this.file = file;
    this.context = context;
    this.findings = new Findings(new Policy(checks, context.cost()));
    this.lines = Lines.of(file);
  }

  /**
   * Parses and checks a file; what makes it invalid is in the report.
   *
   * @throws UserException the target is not one of its stages
   */
  public static CheckReport check(Source source, CheckContext context)
      throws IOException, UserException {
    try {
      return check(BuildfileLoader.load(source, context.facts()), context);
    } catch (BuildfileException e) {
      return new CheckReport(List.of(), false, Optional.of(e));
    }
  }

  /**
   * Checks a file that has been parsed.
   *
   * @throws BuildfileException the options in {@link #OVERRIDE} cannot be read
   */
  public static CheckReport check(Buildfile file, CheckContext context)
      throws IOException, UserException, BuildfileException {
    Checks checks = checks(file, context.buildArgs());
    Linter linter = new Linter(file, context, checks);
    Optional<BuildfileException> invalid = Optional.empty();
    try {
      linter.run();
    } catch (BuildfileException e) {
      invalid = Optional.of(e);
    }
    return new CheckReport(linter.findings.sorted(), checks.error(), invalid);
  }

  static Checks checks(Buildfile file, Map<String, String> buildArgs) throws BuildfileException {
    String override = buildArgs.get(OVERRIDE);
    return override == null ? file.directives().checks() : Checks.parse(override, OVERRIDE);
  }

  private void run() throws IOException, UserException, BuildfileException {
    new SyntaxRules(file, lines, findings).check();
    GlobalScope.withoutArgs(file, context).ifPresent(this::defaults);
    GlobalScope globals = GlobalScope.of(file, context, context.buildArgs());
    FromRules fromRules = new FromRules(globals, findings);
    List<From> froms = new ArrayList<>();
    for (Stage stage : file.stages()) {
      froms.add(fromRules.check(lines.from(stage)));
    }
    StageTable table =
        new StageTable(file, froms, NamedContexts.of(context.contexts()), context.platform());
    List<Stage> wanted = table.wanted(context.target());
    for (Stage stage : wanted) {
      stage(stage, table, globals);
    }
    references(wanted);
    if (context.cost()) {
      new CostRules(table, steps, findings).check(wanted, table.ofImages(context.target()));
    }
  }

  private void defaults(GlobalScope scope) {
    Set<String> above = new HashSet<>();
    for (Stage stage : file.stages()) {
      if (!FromRules.checkDefaults(lines.from(stage), scope, above, findings)) {
        return;
      }
      stage.name().ifPresent(above::add);
    }
  }

  /** What a build would find wrong before its first step: names of bases and in {@code --from}. */
  private void references(List<Stage> stages) throws UserException, BuildfileException {
    StageGraph graph =
        StageGraph.of(
            file, context.target(), context.buildArgs(), context.contexts(), context.platform());
    for (Stage stage : stages) {
      graph.base(stage);
      graph.supplies(stage, stage.instructions());
    }
  }

  private void stage(Stage stage, StageTable table, GlobalScope globals)
      throws IOException, BuildfileException {
    if (table.isReplaced(stage)) {
      ends.put(stage, StageScope.unknown());
      return;
    }
    Optional<StageScope> base = table.base(stage).map(ends::get);
    StageScope scope = base.isPresent() ? base.get().asBase() : onImage(stage, table);
    StageRules rules = new StageRules(globals, context, scope, findings);
    for (Instruction trigger : scope.triggersOfBase()) {
      rules.check(lines.from(stage).trigger(trigger));
    }
    for (Line line : lines.body(stage)) {
      rules.check(line);
    }
    ends.put(stage, scope);
    steps.put(stage, rules.steps());
  }

  private StageScope onImage(Stage stage, StageTable table) throws IOException, BuildfileException {
    From from = table.from(stage);
    if (table.beginsWithContext(stage)) {
      return StageScope.unknown();
    }
    if (from.base().equals("scratch")) {
      return StageScope.scratch();
    }
    try {
      Platform platform = platform(from);
      Optional<ImageConfig> image = context.bases().find(Reference.parse(from.base()), platform);
      if (image.isEmpty()) {
        return StageScope.unknown();
      }
      samePlatform(stage, from, image.get(), platform);
      return StageScope.of(image.get(), from.base());
    } catch (MalformedException e) {
      BuildfileException error = from.origin().error(String.valueOf(e.getMessage()));
      error.initCause(e);
      throw error;
    }
  }

  private Platform platform(From from) throws MalformedException {
    return from.platform().isPresent() ? Platform.parse(from.platform().get()) : context.platform();
  }

  private void samePlatform(Stage stage, From from, ImageConfig image, Platform wanted) {
    if (!BasePlatforms.isSame(image.platform(), wanted)) {
      findings.add(
          lines.from(stage),
          Rule.INVALID_BASE_IMAGE_PLATFORM,
          BasePlatforms.message(from.base(), image.platform(), wanted));
    }
  }
}
