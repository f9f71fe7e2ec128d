package io.jbuild.builder;

/** A right that a Buildfile can ask for and that only the person who starts the build can give. */
public enum Entitlement {
  /** {@code RUN --network=host}. */
  NETWORK_HOST,
  /** {@code RUN --security=insecure}. */
  SECURITY_INSECURE
}
