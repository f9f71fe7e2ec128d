package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;

/** {@code ENTRYPOINT}: the command that a container runs. */
public record Entrypoint(Origin origin, CommandLine command) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.ENTRYPOINT;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
