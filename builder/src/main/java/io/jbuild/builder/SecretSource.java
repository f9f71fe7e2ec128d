package io.jbuild.builder;

import java.nio.file.Path;

/** Where the value of a build secret is read, at the moment a step mounts it. */
public sealed interface SecretSource {
  /** The bytes of a file. */
  record OfFile(Path path) implements SecretSource {}

  /** An environment variable of the caller, already read; an empty array is a value. */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  record OfBytes(byte[] value) implements SecretSource {
    public OfBytes {
      value = value.clone();
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    /** Never the value. */
    @Override
    public String toString() {
      return "secret of " + value.length + " bytes";
    }
  }
}
