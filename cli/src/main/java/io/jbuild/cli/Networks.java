package io.jbuild.cli;

import io.jbuild.builder.NetworkMode;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --network}. */
final class Networks {
  private Networks() {}

  static NetworkMode parse(String text) {
    switch (text) {
      case "default":
        return NetworkMode.DEFAULT;
      case "host":
        return NetworkMode.HOST;
      case "none":
        return NetworkMode.NONE;
      case "private":
        return NetworkMode.PRIVATE;
      default:
        throw new TypeConversionException(
            "--network is default, host, none or private, not '" + text + "'");
    }
  }
}
