package io.jbuild.builder.extend;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.Workdir;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.ArgValues;
import io.jbuild.builder.stage.ConfigChanges;
import io.jbuild.builder.stage.ConfigStep;
import io.jbuild.builder.stage.StageState;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All settings of the image at one place of a file, as far as they are known without a build. */
final class KnownSettings {
  private final BuildFacts facts;
  private final GlobalValues globals;
  private final BaseConfigs bases;
  private final Map<String, StageState> ends = new HashMap<>();
  private Optional<String> stage = Optional.empty();
  private Optional<StageState> state = Optional.empty();
  private String why = "there is no stage";

  KnownSettings(BuildFacts facts, GlobalValues globals, BaseConfigs bases) {
    this.facts = facts;
    this.globals = globals;
    this.bases = bases;
  }

  /** Empty where something is not known: {@link #why} tells what. */
  Optional<StageState> state() {
    return state;
  }

  String why() {
    return why;
  }

  void begin(From from) throws IOException {
    if (stage.isPresent() && state.isPresent()) {
      ends.put(stage.get(), state.get());
    }
    stage = from.name();
    state = base(from);
  }

  private Optional<StageState> base(From from) throws IOException {
    try {
      From expanded = from.expand(new Expansion(globals.values(), from.origin().escape()));
      StageState end = ends.get(expanded.base().toLowerCase(Locale.ROOT));
      if (end != null) {
        return Optional.of(end.asBase());
      }
      Platform platform =
          expanded.platform().isPresent()
              ? Platform.parse(expanded.platform().get())
              : facts.platform();
      if (expanded.base().equals("scratch")) {
        return Optional.of(StageState.scratch(platform, Optional.empty()));
      }
      Optional<ImageConfig> image = bases.find(Reference.parse(expanded.base()), platform);
      boolean known = image.isPresent() && image.get().config().onBuild().isEmpty();
      why =
          image.isEmpty()
              ? "the settings of " + expanded.base() + " are not at hand: pull it"
              : "ONBUILD instructions of " + expanded.base() + " run first";
      return known
          ? image.map(config -> StageState.from(config, Optional.empty()))
          : Optional.empty();
    } catch (BuildfileException | MalformedException e) {
      why = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  void take(Instruction instruction) {
    if (state.isEmpty()
        || instruction instanceof Run
        || instruction instanceof Copy
        || instruction instanceof Add) {
      return;
    }
    ArgValues args = new ArgValues(facts.buildArgs(), new java.util.TreeMap<>(globals.values()));
    StageState before = state.get();
    try {
      if (instruction instanceof ComputedArg computed
          && ConfigStep.given(before, computed, args).isEmpty()) {
        state = Optional.empty();
        why = "$" + computed.name() + " is computed by the build";
      } else if (instruction instanceof Workdir workdir) {
        state = Optional.of(entered(before, workdir));
      } else {
        state = Optional.of(instruction.accept(new ConfigChanges(before, args)));
      }
    } catch (BuildfileException | ExpansionException e) {
      state = Optional.empty();
      why = String.valueOf(e.getMessage());
    }
  }

  private static StageState entered(StageState state, Workdir workdir) throws ExpansionException {
    Expansion expansion = new Expansion(state.environment().variables(), workdir.origin().escape());
    String path = expansion.word(workdir.path());
    String whole = path.startsWith("/") ? path : state.workdir() + "/" + path;
    return state.withConfig(
        state.config().edit().workingDir(TreePath.parse(whole).toString()).build());
  }
}
