package io.jbuild.fuzz;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.util.Map;
import java.util.Optional;

/** The values of flags that are lists of fields; fields survive being quoted. */
final class MountTarget {
  private MountTarget() {}

  /** Quoted, so that every character gets through to the reader of the value. */
  private static String flag(String name, String value) {
    String escaped = value.replaceAll("([\\\\\"'])", "\\\\$1");
    return "--" + name + "=\"" + escaped + "\"";
  }

  private static Optional<Run> run(String flag) {
    String file = "FROM scratch\nRUN " + flag + " true\n";
    try {
      Buildfile parsed = Buildfile.parse(Source.of("Buildfile", file));
      return Optional.of((Run) parsed.stages().get(0).instructions().get(0));
    } catch (BuildfileException e) {
      Promise.readable(e.render());
      return Optional.empty();
    }
  }

  static void read(String text) {
    String line = text.replaceAll("[\\n\\r\\x00]", "");
    Optional<Run> run = run(flag("mount", line));
    run.ifPresent(MountTarget::resolve);
    run(flag("device", line));
  }

  static void check(String text) {
    read(text);
    String line = text.replaceAll("[\\n\\r\\x00]", "");
    Optional<Run> run = run(flag("mount", line));
    if (run.isEmpty()) {
      return;
    }
    StringBuilder quoted = new StringBuilder();
    run.get()
        .mounts()
        .get(0)
        .options()
        .forEach(
            option -> {
              String field = option.key() + option.value().map(v -> "=" + v).orElse("");
              quoted.append(quoted.length() > 0 ? "," : "");
              quoted.append('"').append(field.replace("\"", "\"\"")).append('"');
            });
    Optional<Run> again = run(flag("mount", quoted.toString()));
    Promise.holds(again.isPresent(), "refused when quoted: " + quoted);
    Promise.same(run.get().mounts(), again.get().mounts(), "mounts");
  }

  private static void resolve(Run run) {
    try {
      run.resolveMounts(new Expansion(Map.of("a", "b,c", "v", "true"), '\\'));
    } catch (BuildfileException e) {
      Promise.readable(e.render());
    }
  }
}
