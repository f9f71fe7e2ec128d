package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.List;

/**
 * The beginning of what {@code INCLUDE} put here: ARGs of the stage are out of sight up to {@link
 * LeaveInclude}, where those of the included file end.
 *
 * @param values what is passed: the file's ARGs of these names have them, whatever else gives one
 */
public record EnterInclude(Origin origin, String path, List<KeyValue> values)
    implements Instruction {
  public EnterInclude {
    values = List.copyOf(values);
  }

  @Override
  public Keyword keyword() {
    return Keyword.INCLUDE;
  }

  @Override
  public EnterInclude expand(Expansion expansion) throws BuildfileException {
    Expander expander = new Expander(expansion, origin);
    return new EnterInclude(origin, path, KeyValue.expandAll(values, expander));
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
