package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;

/** {@code USER name|uid[:group|gid]}: who runs the steps that follow, and the container. */
public record User(Origin origin, String user) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.USER;
  }

  @Override
  public User expand(Expansion expansion) throws BuildfileException {
    return new User(origin, new Expander(expansion, origin).word(user));
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
