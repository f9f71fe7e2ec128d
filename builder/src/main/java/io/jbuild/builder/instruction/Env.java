package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;

/** {@code ENV}: variables that stay in the image. */
public record Env(Origin origin, List<KeyValue> variables) implements Instruction {
  public Env {
    variables = List.copyOf(variables);
  }

  @Override
  public Keyword keyword() {
    return Keyword.ENV;
  }

  @Override
  public Env expand(Expansion expansion) throws BuildfileException {
    return new Env(origin, KeyValue.expandAll(variables, new Expander(expansion, origin)));
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
