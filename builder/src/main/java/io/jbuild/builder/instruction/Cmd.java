package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;

/** {@code CMD}: the default command, or the arguments of the entry point. */
public record Cmd(Origin origin, CommandLine command) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.CMD;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
