package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;

/** {@code WORKDIR}: a directory, made if it is not there; relative to the one before. */
public record Workdir(Origin origin, String path) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.WORKDIR;
  }

  @Override
  public Workdir expand(Expansion expansion) throws BuildfileException {
    return new Workdir(origin, new Expander(expansion, origin).word(path));
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
