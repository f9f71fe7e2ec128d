package io.jbuild.builder.plan;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.oci.Reference;
import java.util.Optional;

/** What a name in FROM, {@code --from} or a mount's {@code from} stands for. */
public sealed interface Supply {
  /** Nothing at all. */
  record Scratch() implements Supply {}

  /** An earlier stage. */
  record OfStage(Stage stage) implements Supply {}

  /** A named context that the caller gave, and that is no stage. */
  record OfContext(String name, ContextSource source, Origin origin) implements Supply {
    /** Whether it is a tree of files, and no image. */
    public boolean isFiles() {
      return source instanceof ContextSource.Directory || source instanceof ContextSource.Remote;
    }

    @Override
    public String toString() {
      return "context \"" + name + "\"";
    }
  }

  /**
   * An image of the store or of a registry.
   *
   * @param hint what else its name may have been meant to be, for the case that there is no such
   *     image
   */
  record OfImage(Reference reference, Origin origin, Optional<String> hint) implements Supply {}
}
