package io.jbuild.cli;

import java.util.Optional;

/** The version that the jar's manifest carries. */
final class Version {
  private Version() {}

  static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  static String line() {
    return "jbuild " + number();
  }
}
