package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;

/** {@code MAINTAINER}: the author; deprecated for a label. */
public record Maintainer(Origin origin, String name) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.MAINTAINER;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
