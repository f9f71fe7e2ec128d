package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;
import java.util.List;

/** {@code SHELL}: what runs the commands that are not in exec form. */
public record Shell(Origin origin, List<String> argv) implements Instruction {
  public Shell {
    argv = List.copyOf(argv);
  }

  @Override
  public Keyword keyword() {
    return Keyword.SHELL;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
