package io.jbuild.isolation;

import io.jbuild.isolation.network.Rates;

/**
 * Which network a sandbox sees.
 *
 * @param rates how fast it is; only a private network has limits
 */
public record Network(Kind kind, Rates rates) {
  public static final Network NONE = new Network(Kind.NONE, Rates.UNLIMITED);
  public static final Network HOST = new Network(Kind.HOST, Rates.UNLIMITED);
  public static final Network PRIVATE = new Network(Kind.PRIVATE, Rates.UNLIMITED);

  /** What is there beside a loopback. */
  public enum Kind {
    /** A network namespace of its own, in which only the loopback device is up. */
    NONE,
    /** What whoever runs jbuild sees, abstract sockets and loopback services included. */
    HOST,
    /**
     * A network namespace of its own with one interface, {@code eth0}, whose packets leave with an
     * address of this machine. Where it cannot be had, {@link IsolationCore#start} fails; {@link
     * IsolationCore#privateNetworks} tells beforehand.
     */
    PRIVATE
  }

  public Network {
    if (kind != Kind.PRIVATE && !rates.equals(Rates.UNLIMITED)) {
      throw new IllegalArgumentException(rates + " for a network that is " + kind);
    }
  }

  /** A private network that is no faster than this. */
  public static Network privateAt(Rates rates) {
    return new Network(Kind.PRIVATE, rates);
  }

  /** Whether the sandbox gets a network namespace. */
  public boolean isOwn() {
    return kind != Kind.HOST;
  }

  boolean isPrivate() {
    return kind == Kind.PRIVATE;
  }
}
