package io.jbuild.fuzz;

import io.jbuild.builder.extend.BuildFacts;
import io.jbuild.builder.extend.BuildfileLoader;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** jbuild's own language: what is left of conditions and includes reads as a plain file. */
final class ExtendedTarget {
  private static final String SYNTAX = "# syntax=jbuild/1\n";

  private ExtendedTarget() {}

  static void load(String text) throws IOException {
    // the included file is the text again: what includes itself must be noticed
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    BuildFacts facts =
        BuildFacts.none()
            .withBuildArgs(Map.of("a", "1", "b", "two words", "empty", ""))
            .withFiles(path -> path.startsWith("x") ? Optional.empty() : Optional.of(bytes));
    try {
      Buildfile file = BuildfileLoader.load(Source.of("Buildfile", SYNTAX + text), facts);
      Promise.holds(!file.stages().isEmpty(), "no stage");
    } catch (BuildfileException e) {
      Promise.readable(e.problem());
      Promise.readable(e.render());
    }
  }
}
