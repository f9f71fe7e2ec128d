package io.jbuild.builder.run;

import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.NetworkSettings;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.Mechanism;
import io.jbuild.isolation.NameService;
import io.jbuild.isolation.Network;
import io.jbuild.isolation.network.NoPrivateNetworkException;
import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.linux.netlink.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Which network a command gets, from what was asked for and what this machine can give. */
public final class NetworkChoice {
  /** What steps have that do not say. Where PRIVATE cannot be had, they have the host's. */
  public static final NetworkMode OF_BUILDS = NetworkMode.HOST;

  /** The same for {@code jbuild run}. */
  public static final NetworkMode OF_RUNS = NetworkMode.NONE;

  private NetworkChoice() {}

  /** What is meant, on any machine: a part of cache keys. */
  public static NetworkMode meant(NetworkMode mode, NetworkMode standard) {
    return mode == NetworkMode.DEFAULT ? standard : mode;
  }

  /**
   * The network of a sandbox.
   *
   * @param warnings hears once what the user should know of private networks here
   */
  public static Network of(
      NetworkMode mode,
      NetworkMode standard,
      NetworkSettings settings,
      IsolationCore core,
      Consumer<String> warnings)
      throws NoPrivateNetworkException {
    if (mode == NetworkMode.DEFAULT && isChroot(core) && !settings.rates().isLimited()) {
      return Network.HOST; // there is no other; Mechanism.Chroot says it
    }
    return switch (meant(mode, standard)) {
      case HOST -> Network.HOST;
      case NONE -> Network.NONE;
      case PRIVATE, DEFAULT -> {
        boolean asked = mode == NetworkMode.PRIVATE || settings.rates().isLimited();
        yield ownOrHost(asked, settings, core, warnings);
      }
    };
  }

  /** What {@link #of} gives without a wish for rates, and why: for reports. */
  public static String described(NetworkMode mode, NetworkMode standard, IsolationCore core) {
    return described(mode, standard, isChroot(core), core.privateNetworks());
  }

  /** The same where there is no core. */
  public static String described(
      NetworkMode mode, NetworkMode standard, boolean chroot, PrivateNetworks networks) {
    if (mode == NetworkMode.DEFAULT && chroot) {
      return "host (a chroot has no other)";
    }
    return switch (meant(mode, standard)) {
      case HOST -> "host";
      case NONE -> "none";
      case PRIVATE, DEFAULT -> {
        try {
          yield "private (" + networks.means() + ")";
        } catch (NoPrivateNetworkException e) {
          String instead = mode == NetworkMode.PRIVATE ? "none" : "host";
          yield instead + " (no private one: " + e.getMessage() + ")";
        }
      }
    };
  }

  private static boolean isChroot(IsolationCore core) {
    return core.mechanism() instanceof Mechanism.Chroot;
  }

  private static Network ownOrHost(
      boolean asked, NetworkSettings settings, IsolationCore core, Consumer<String> warnings)
      throws NoPrivateNetworkException {
    try {
      core.privateNetworks().require();
    } catch (NoPrivateNetworkException e) {
      if (asked) {
        throw e;
      }
      core.privateNetworks().tellOnce(warnings);
      return Network.HOST;
    }
    core.privateNetworks().tellOnce(warnings);
    return Network.privateAt(settings.rates());
  }

  /**
   * The names that a command is told.
   *
   * @param addHosts {@code name:address} or {@code name=address} each; {@code host-gateway} is the
   *     address of the machine
   */
  public static NameService names(List<String> addHosts, NetworkSettings settings) {
    List<NameService.Host> hosts = new ArrayList<>();
    for (String line : addHosts) {
      int split = line.indexOf('=') > 0 ? line.indexOf('=') : line.indexOf(':');
      String address = line.substring(split + 1).replaceAll("^\\[|\\]$|%\\w+$", "");
      hosts.add(new NameService.Host(line.substring(0, split), Addresses.parse(address)));
    }
    return new NameService(hosts, settings.servers(), settings.searches(), settings.options());
  }
}
