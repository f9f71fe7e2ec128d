package io.jbuild.builder.build;

import io.jbuild.builder.StepInfo;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.oci.Platform;
import java.util.List;
import java.util.Optional;

/**
 * What people see the steps of one platform as. Their ids are in the order of the Buildfile, and
 * those of different stages and platforms differ.
 *
 * @param platforms all that the build is for
 * @param index of this one among them
 * @param named whether the steps tell their platform
 */
record StepNames(List<Platform> platforms, int index, boolean named) {
  private static final int MOST_STEPS = 100_000;

  StepNames {
    platforms = List.copyOf(platforms);
  }

  StepInfo step(Stage stage, int number, int total, Instruction instruction, Platform builtFor) {
    return info(stage, number, total, instruction, instruction.origin().text(), builtFor);
  }

  /** That of the FROM line, with the base that its variables name. */
  StepInfo from(Stage stage, From expanded, Platform builtFor) {
    From from = stage.from();
    int total = 1 + (int) stage.instructions().stream().filter(StageRunner::isStep).count();
    String title = from.origin().text().replace(from.base(), expanded.base());
    return info(stage, 1, total, from, title, builtFor);
  }

  private StepInfo info(
      Stage stage,
      int number,
      int total,
      Instruction instruction,
      String title,
      Platform builtFor) {
    return new StepInfo(
        (stage.index() * MOST_STEPS + number) * platforms.size() + index,
        stage.label(),
        number,
        total,
        title,
        Optional.of(instruction.origin().range().startLine()),
        named ? Optional.of(label(builtFor)) : Optional.empty());
  }

  /** {@code linux/arm64}, or {@code linux/amd64->arm64} for a stage that is built for another. */
  private String label(Platform builtFor) {
    Platform target = platforms.get(index);
    if (builtFor.equals(target)) {
      return target.toString();
    }
    String machine = target.architecture() + target.variant().map(v -> "/" + v).orElse("");
    return builtFor + "->" + (builtFor.os().equals(target.os()) ? machine : target);
  }
}
