package io.jbuild.isolation.network;

import io.jbuild.linux.Errno;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.UserNamespace;
import io.jbuild.linux.netlink.RouteSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The private networks of one process: how this machine gives them is found out once, when the
 * first is asked for. For any number of threads.
 */
public final class PrivateNetworks implements Closeable {
  /** The environment's variable that names the addresses to use: {@code 10.9.0.0/16}. */
  public static final String POOL_VARIABLE = "JBUILD_NETWORK_POOL";

  private final AtomicBoolean told = new AtomicBoolean();
  private @Nullable Provider provider;
  private @Nullable NoPrivateNetworkException failure;

  /** Finds out whether there are any here. */
  public void require() throws NoPrivateNetworkException {
    Provider unused = provider();
  }

  /** By what sandboxes are connected here: {@code veth and nftables}. */
  public String means() throws NoPrivateNetworkException {
    return provider().means();
  }

  /** Says what the user should know of them, or why there are none; but only once. */
  public void tellOnce(Consumer<String> lines) {
    if (told.getAndSet(true)) {
      return;
    }
    try {
      provider().notices().forEach(lines);
    } catch (NoPrivateNetworkException e) {
      lines.accept("no private network: " + e.getMessage());
    }
  }

  /** The name servers that can be reached from inside. */
  public ResolverFile resolver() throws NoPrivateNetworkException {
    return provider().resolver();
  }

  /** Where a sandbox finds the machine that it is on. */
  public Optional<InetAddress> host() throws NoPrivateNetworkException {
    return provider().host();
  }

  /**
   * Connects a sandbox.
   *
   * @param inside speaks of the sandbox's network namespace
   * @param pid a process in it, which waits
   * @return to be closed with the sandbox
   */
  public Closeable connect(RouteSocket inside, int pid, Rates rates) throws IOException {
    return provider().connect(inside, pid, rates);
  }

  private synchronized Provider provider() throws NoPrivateNetworkException {
    if (failure != null) {
      throw failure;
    }
    Provider found = provider;
    if (found == null) {
      try {
        found = find();
      } catch (NoPrivateNetworkException e) {
        failure = e;
        throw e;
      }
      provider = found;
    }
    return found;
  }

  /** Root of a container has rights over its network; an ordinary user's root has none. */
  private static Provider find() throws NoPrivateNetworkException {
    try {
      return RoutedProvider.open(wantedPool());
    } catch (NoPrivateNetworkException e) {
      throw e;
    } catch (LinuxException e) {
      if (e.errno() == Errno.EPERM && isOrdinaryUser()) {
        return findCarried();
      }
      throw new NoPrivateNetworkException(reason(e), e);
    } catch (IOException e) {
      throw new NoPrivateNetworkException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Provider findCarried() throws NoPrivateNetworkException {
    try {
      return CarriedProvider.open();
    } catch (NoPrivateNetworkException e) {
      throw e;
    } catch (IOException e) {
      throw new NoPrivateNetworkException(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isOrdinaryUser() throws NoPrivateNetworkException {
    try {
      return !UserNamespace.current().isInitial();
    } catch (IOException e) {
      throw new NoPrivateNetworkException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Optional<AddressPool> wantedPool() throws NoPrivateNetworkException {
    String text = System.getenv().getOrDefault(POOL_VARIABLE, "");
    Optional<AddressPool> pool = AddressPool.parse(text);
    if (pool.isEmpty() && !text.isEmpty()) {
      throw new NoPrivateNetworkException(
          POOL_VARIABLE + " is a range of addresses such as 10.9.0.0/16, not \"" + text + "\"");
    }
    return pool;
  }

  private static String reason(LinuxException e) {
    if (e.errno() == Errno.EPERM) {
      return "jbuild may not configure this machine's network";
    }
    return e.errno() == Errno.EPROTONOSUPPORT || e.errno() == Errno.EOPNOTSUPP
        ? "this kernel has no nf_tables with tables of one owner, as Linux 5.12 has"
        : String.valueOf(e.getMessage());
  }

  @Override
  public synchronized void close() throws IOException {
    if (provider != null) {
      provider.close();
    }
  }
}
