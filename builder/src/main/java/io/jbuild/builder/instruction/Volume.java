package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;

/** {@code VOLUME}: directories whose content is kept apart from the container. */
public record Volume(Origin origin, List<String> paths) implements Instruction {
  public Volume {
    paths = List.copyOf(paths);
  }

  @Override
  public Keyword keyword() {
    return Keyword.VOLUME;
  }

  @Override
  public Volume expand(Expansion expansion) throws BuildfileException {
    return new Volume(origin, new Expander(expansion, origin).each(paths));
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
