package io.jbuild.builder.instruction;

import io.jbuild.builder.source.BuildfileException;
import java.util.List;
import java.util.Optional;

/**
 * What {@code COPY} and {@code ADD} share.
 *
 * @param owner {@code --chown=user[:group]}
 * @param mode {@code --chmod}, see {@link ModeChange}
 * @param link {@code --link}: an own layer, independent of what is below
 * @param excludes {@code --exclude} patterns, never expanded
 */
public record CopyOptions(
    Optional<String> owner, Optional<String> mode, boolean link, List<String> excludes) {
  public CopyOptions {
    excludes = List.copyOf(excludes);
  }

  CopyOptions expand(Expander expander) throws BuildfileException {
    Optional<String> expandedMode = expander.optional(mode);
    if (expandedMode.isPresent()) {
      try {
        ModeChange.parse(expandedMode.get());
      } catch (IllegalArgumentException e) {
        throw expander.origin().error(String.valueOf(e.getMessage()));
      }
    }
    return new CopyOptions(expander.optional(owner), expandedMode, link, excludes);
  }

  /** The change of {@code --chmod}; call it on expanded options. */
  public Optional<ModeChange> modeChange() {
    return mode.map(ModeChange::parse);
  }
}
