package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;
import java.util.Optional;

/**
 * {@code COPY}: puts files into the image.
 *
 * @param from a stage by name or index, a named context, or an image; empty for the build context
 * @param withLibs also the shared libraries that the copied programs need
 */
public record Copy(
    Origin origin,
    List<CopySource> sources,
    String destination,
    CopyOptions options,
    Optional<String> from,
    boolean parents,
    boolean withLibs)
    implements Instruction {
  public Copy {
    sources = List.copyOf(sources);
  }

  /** All that a context has. */
  public static Copy everything(Origin origin, String from) {
    CopyOptions plain = new CopyOptions(Optional.empty(), Optional.empty(), false, List.of());
    return new Copy(
        origin, List.of(new CopySource.Path("/")), "/", plain, Optional.of(from), false, false);
  }

  @Override
  public Keyword keyword() {
    return Keyword.COPY;
  }

  @Override
  public Copy expand(Expansion expansion) throws BuildfileException {
    Expander expander = new Expander(expansion, origin);
    return new Copy(
        origin,
        CopySource.expandLocal(sources, expander),
        expander.word(destination),
        options.expand(expander),
        from,
        parents,
        withLibs);
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
