package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.Optional;

/**
 * {@code FROM}: begins a stage.
 *
 * @param base an image, a stage, a named context, or {@code scratch}
 * @param name in lower case, as stages are looked up
 * @param writtenName as in the file
 * @param description from the comment above: {@code # name what it is for}
 */
public record From(
    Origin origin,
    String base,
    Optional<String> name,
    Optional<String> writtenName,
    Optional<String> platform,
    Optional<String> description)
    implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.FROM;
  }

  @Override
  public From expand(Expansion expansion) throws BuildfileException {
    Expander expander = new Expander(expansion, origin);
    String expandedBase = expander.word(base);
    if (expandedBase.isEmpty()) {
      throw origin
          .error(
              "base name (" + base + ") should not be blank",
              "give its variables a value: by ARG NAME=VALUE above the first FROM, or by --build-arg")
          .at(base);
    }
    return new From(
        origin, expandedBase, name, writtenName, expander.optional(platform), description);
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
