package io.jbuild.builder;

/** What a command sees of the network. */
public enum NetworkMode {
  /** What builds and runs have that do not say: see {@code run.NetworkChoice}. */
  DEFAULT,
  /** The host's network: addresses, routes and resolver. */
  HOST,
  /** A network of its own with nothing but a loopback device. */
  NONE,
  /** A network of its own with an address and the way out. */
  PRIVATE
}
