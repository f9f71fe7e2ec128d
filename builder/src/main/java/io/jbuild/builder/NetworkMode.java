package io.jbuild.builder;

/** What a RUN step sees of the network. */
public enum NetworkMode {
  /** The host's network: addresses, routes and resolver. */
  HOST,
  /** A network of its own with nothing but a loopback device. */
  NONE
}
