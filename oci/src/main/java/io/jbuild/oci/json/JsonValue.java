package io.jbuild.oci.json;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.math.BigDecimal;

/** One JSON value. Immutable. */
public sealed interface JsonValue permits JsonObject, JsonArray, JsonValue.Scalar {

  /** What it is, for messages: {@code a string}, {@code an object}. */
  String kind();

  static JsonValue of(String value) {
    return new Text(value);
  }

  static JsonValue of(long value) {
    return new Numeral(Long.toString(value));
  }

  static JsonValue of(boolean value) {
    return new Bool(value);
  }

  /** The text of a string; anything else is malformed. */
  default String asString() throws MalformedException {
    throw expected("a string");
  }

  /** An integer that fits 64 bits, written without fraction or exponent; else malformed. */
  default long asLong() throws MalformedException {
    throw expected("an integer");
  }

  default boolean asBoolean() throws MalformedException {
    throw expected("true or false");
  }

  default JsonObject asObject() throws MalformedException {
    throw expected("an object");
  }

  default JsonArray asArray() throws MalformedException {
    throw expected("an array");
  }

  private MalformedException expected(String what) {
    return new MalformedException("expected " + what + ", found " + kind());
  }

  /** A value without parts. */
  sealed interface Scalar extends JsonValue permits Text, Numeral, Bool, Null {}

  /** A string. */
  record Text(String value) implements Scalar {
    @Override
    public String kind() {
      return "a string";
    }

    @Override
    public String asString() {
      return value;
    }
  }

  /** A number, as it was written: what a peer signed must not change by being read. */
  record Numeral(String literal) implements Scalar {
    /** Refuses what is no JSON number (our bug: the reader checked it already). */
    public Numeral {
      new BigDecimal(literal);
    }

    @Override
    public String kind() {
      return "a number";
    }

    @Override
    public long asLong() throws MalformedException {
      try {
        return Long.parseLong(literal);
      } catch (NumberFormatException e) {
        throw new MalformedException(
            "expected an integer of at most 64 bits, found " + Printable.limit(literal, 40));
      }
    }
  }

  /** true or false. */
  record Bool(boolean value) implements Scalar {
    @Override
    public String kind() {
      return "a boolean";
    }

    @Override
    public boolean asBoolean() {
      return value;
    }
  }

  /** null. */
  record Null() implements Scalar {
    @Override
    public String kind() {
      return "null";
    }
  }
}
