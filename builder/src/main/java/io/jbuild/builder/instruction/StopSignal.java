package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;

/** {@code STOPSIGNAL}: the signal that asks the container to end: a name or a number. */
public record StopSignal(Origin origin, String signal) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.STOPSIGNAL;
  }

  @Override
  public StopSignal expand(Expansion expansion) throws BuildfileException {
    String expanded = new Expander(expansion, origin).word(signal);
    if (Signals.number(expanded).isEmpty()) {
      throw origin.error("invalid signal: " + expanded, Signals.hint(expanded)).at(signal);
    }
    return new StopSignal(origin, expanded);
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
