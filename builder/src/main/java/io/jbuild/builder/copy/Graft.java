package io.jbuild.builder.copy;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a source named, ready to be put below the destination.
 *
 * @param name what a file is called in a directory; null for a directory whose content is copied
 * @param above with {@code --parents}: the directories between the destination and the item
 * @param archive whether its content is unpacked
 */
record Graft(Item item, @Nullable Name name, List<Parent> above, boolean archive) {
  /** A directory above a source that is copied along. */
  record Parent(Name name, FileStat stat) {}

  Graft {
    above = List.copyOf(above);
  }
}
