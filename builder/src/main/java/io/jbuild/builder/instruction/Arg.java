package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.SourceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code ARG}: variables that a build may be given. */
public record Arg(Origin origin, List<Definition> definitions) implements Instruction {
  public Arg {
    definitions = List.copyOf(definitions);
  }

  @Override
  public Keyword keyword() {
    return Keyword.ARG;
  }

  @Override
  public Arg expand(Expansion expansion) throws BuildfileException {
    List<Definition> expanded = new ArrayList<>();
    for (Definition definition : definitions) {
      expanded.add(definition.expand(expansion, origin));
    }
    return new Arg(origin, expanded);
  }

  /**
   * One variable.
   *
   * @param description from the comment above: {@code # name what it is for}
   */
  public record Definition(
      String name, Optional<String> defaultValue, Optional<String> description, SourceRange range) {

    /**
     * Expanded alone: a default that a build argument replaces may hold errors that then do not
     * matter, and a later definition sees the earlier ones.
     */
    public Definition expand(Expansion expansion, Origin origin) throws BuildfileException {
      Expander expander = new Expander(expansion, origin);
      return new Definition(
          expander.word(name), expander.optional(defaultValue), description, range);
    }
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
