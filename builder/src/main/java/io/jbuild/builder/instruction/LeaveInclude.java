package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;

/** The end of what {@code INCLUDE} put here, see {@link EnterInclude}. */
public record LeaveInclude(Origin origin) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.END;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
