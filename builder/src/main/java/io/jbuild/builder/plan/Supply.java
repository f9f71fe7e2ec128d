package io.jbuild.builder.plan;

import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.oci.Reference;

/** What a name in FROM, {@code --from} or a mount's {@code from} stands for. */
public sealed interface Supply {
  /** Nothing at all. */
  record Scratch() implements Supply {}

  /** An earlier stage. */
  record OfStage(Stage stage) implements Supply {}

  /**
   * A named context that the caller gave.
   *
   * @param source a directory, {@code docker-image://…} or {@code oci-layout://…}
   */
  record OfContext(String name, String source, Origin origin) implements Supply {}

  /** An image of the store or of a registry. */
  record OfImage(Reference reference, Origin origin) implements Supply {}
}
