package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;
import java.util.Optional;

/**
 * {@code ADD}: as {@link Copy}, and from URLs, git repositories and archives.
 *
 * @param keepGitDir empty when not said
 * @param unpack empty when not said: local archives are unpacked, remote ones are not
 */
public record Add(
    Origin origin,
    List<CopySource> sources,
    String destination,
    CopyOptions options,
    Optional<Boolean> keepGitDir,
    Optional<String> checksum,
    Optional<Boolean> unpack)
    implements Instruction {
  public Add {
    sources = List.copyOf(sources);
  }

  @Override
  public Keyword keyword() {
    return Keyword.ADD;
  }

  @Override
  public Add expand(Expansion expansion) throws BuildfileException {
    Expander expander = new Expander(expansion, origin);
    return new Add(
        origin,
        CopySource.expandAll(sources, expander),
        expander.word(destination),
        options.expand(expander),
        keepGitDir,
        expander.optional(checksum),
        unpack);
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
