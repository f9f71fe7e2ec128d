package io.jbuild.builder.lint;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.Platform;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The variables of FROM lines.
 *
 * @param values of the platform arguments, and of the ARGs before the first FROM
 * @param names also those without a value
 */
record GlobalScope(Map<String, String> values, Set<String> names) {
  GlobalScope {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    names = Set.copyOf(names);
  }

  /**
   * The scope of a build.
   *
   * @param given the caller's values, for platform arguments too
   */
  static GlobalScope of(Buildfile file, CheckContext context, Map<String, String> given)
      throws BuildfileException {
    Map<String, String> values = predefined(file, context);
    Set<String> names = new HashSet<>(values.keySet());
    for (Arg arg : file.globals()) {
      for (Arg.Definition definition : arg.definitions()) {
        String value = given.get(definition.name());
        if (value == null) {
          Expansion expansion = new Expansion(values, arg.origin().escape());
          value = definition.expand(expansion, arg.origin()).defaultValue().orElse(null);
        }
        if (value != null) {
          values.put(definition.name(), value);
        }
        names.add(definition.name());
      }
    }
    return new GlobalScope(values, names);
  }

  private static Map<String, String> predefined(Buildfile file, CheckContext context) {
    Map<String, String> values = new TreeMap<>();
    platform("TARGET", context.platform(), values);
    platform("BUILD", Platform.host(), values);
    String last = file.stages().get(file.stages().size() - 1).name().orElse("");
    values.put("TARGETSTAGE", context.target().orElse(last));
    values.replaceAll((name, value) -> context.buildArgs().getOrDefault(name, value));
    return values;
  }

  private static void platform(String prefix, Platform platform, Map<String, String> values) {
    values.put(prefix + "PLATFORM", platform.toString());
    values.put(prefix + "OS", platform.os());
    values.put(prefix + "OSVERSION", platform.osVersion().orElse(""));
    values.put(prefix + "ARCH", platform.architecture());
    values.put(prefix + "VARIANT", platform.variant().orElse(""));
  }
}
