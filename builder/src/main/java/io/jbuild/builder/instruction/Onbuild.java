package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;

/**
 * {@code ONBUILD}: an instruction for those who build on this image.
 *
 * @param expression the text that goes into the image, here-documents included
 * @param trigger the same, read; it is expanded in the child, not here
 */
public record Onbuild(Origin origin, String expression, Instruction trigger)
    implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.ONBUILD;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
