package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;

/** {@code LABEL}: metadata of the image. */
public record Label(Origin origin, List<KeyValue> labels) implements Instruction {
  public Label {
    labels = List.copyOf(labels);
  }

  @Override
  public Keyword keyword() {
    return Keyword.LABEL;
  }

  @Override
  public Label expand(Expansion expansion) throws BuildfileException {
    return new Label(origin, KeyValue.expandAll(labels, new Expander(expansion, origin)));
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
