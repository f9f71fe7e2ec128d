package io.jbuild.builder.plan;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.ArgValues;
import io.jbuild.oci.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The scope of FROM lines: what every build has, and the ARGs before the first FROM. */
public final class GlobalArgs {
  private GlobalArgs() {}

  /**
   * The values of a build.
   *
   * @param given the caller's, which count before those of the file, for platform arguments too
   * @param targetStage as it was asked for; empty is the last stage
   */
  public static ArgValues of(
      Buildfile buildfile,
      SortedMap<String, String> given,
      Platform target,
      Optional<String> targetStage)
      throws BuildfileException {
    Optional<String> stage = targetStage.or(() -> last(buildfile).name());
    SortedMap<String, String> global = predefined(given, target, stage);
    for (Arg arg : buildfile.globals()) {
      for (Arg.Definition definition : arg.definitions()) {
        value(arg, definition, global, given)
            .ifPresent(value -> global.put(definition.name(), value));
      }
    }
    return new ArgValues(given, global);
  }

  /** Those that no file declares. */
  public static SortedMap<String, String> predefined(
      SortedMap<String, String> given, Platform target, Optional<String> targetStage) {
    TreeMap<String, String> global = new TreeMap<>();
    putPlatform(global, "TARGET", target);
    putPlatform(global, "BUILD", Platform.host());
    global.put("TARGETSTAGE", targetStage.orElse("default"));
    global.replaceAll((name, value) -> given.getOrDefault(name, value));
    return global;
  }

  private static Stage last(Buildfile buildfile) {
    return buildfile.stages().get(buildfile.stages().size() - 1);
  }

  private static Optional<String> value(
      Arg arg,
      Arg.Definition definition,
      Map<String, String> global,
      SortedMap<String, String> given)
      throws BuildfileException {
    String fromCaller = given.get(definition.name());
    if (fromCaller != null) {
      return Optional.of(fromCaller);
    }
    return definition
        .expand(new Expansion(global, arg.origin().escape()), arg.origin())
        .defaultValue();
  }

  private static void putPlatform(Map<String, String> global, String prefix, Platform platform) {
    global.put(prefix + "PLATFORM", platform.toString());
    global.put(prefix + "OS", platform.os());
    global.put(prefix + "ARCH", platform.architecture());
    global.put(prefix + "VARIANT", platform.variant().orElse(""));
    global.put(prefix + "OSVERSION", platform.osVersion().orElse(""));
  }
}
