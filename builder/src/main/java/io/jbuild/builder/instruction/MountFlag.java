package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.SourceRange;
import java.util.List;
import java.util.Optional;

/**
 * A {@code --mount} as written; {@link #resolve} makes the mount of it.
 *
 * @param from the stage, context or image that it reads; known before variables are, because it may
 *     not hold any
 */
public record MountFlag(List<Option> options, Optional<String> from, SourceRange range) {
  public MountFlag {
    options = List.copyOf(options);
  }

  /**
   * One field.
   *
   * @param key in lower case
   * @param value empty for a bare word such as {@code ro}
   */
  public record Option(String key, Optional<String> value) {}

  public RunMount resolve(Expansion expansion, Origin origin) throws BuildfileException {
    return new MountReader(this, new Expander(expansion, origin)).read();
  }
}
