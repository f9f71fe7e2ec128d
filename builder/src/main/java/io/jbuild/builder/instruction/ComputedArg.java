package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;
import java.util.Optional;

/**
 * {@code ARG name=$(command)}: a variable whose value a command writes.
 *
 * @param run the command with its flags; what it changes is thrown away
 * @param description from the comment above: {@code # name what it is for}
 */
public record ComputedArg(Origin origin, String name, Run run, Optional<String> description)
    implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.ARG;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
