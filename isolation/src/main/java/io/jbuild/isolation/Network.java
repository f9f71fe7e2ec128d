package io.jbuild.isolation;

/** Which network a sandbox sees. */
public enum Network {
  /** A network namespace of its own, in which only the loopback device is up. */
  NONE,
  /** The network of whoever runs jbuild, its abstract sockets and loopback services included. */
  HOST
}
