package io.jbuild.cli;

import io.jbuild.builder.NetworkMode;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --network}. */
final class Networks {
  private Networks() {}

  static NetworkMode parse(String text, NetworkMode otherwise) {
    switch (text) {
      case "default":
        return otherwise;
      case "host":
        return NetworkMode.HOST;
      case "none":
        return NetworkMode.NONE;
      default:
        throw new TypeConversionException("--network is host or none, not '" + text + "'");
    }
  }
}
