package io.jbuild.builder;

import io.jbuild.isolation.network.Rates;
import java.net.InetAddress;
import java.util.List;

/**
 * What is said of a command's network beside its kind. Empty lists leave what the machine has.
 *
 * @param servers name servers, at most three
 * @param searches domains to try; "." alone for none
 * @param options of the resolver
 * @param rates how fast a private network is
 */
public record NetworkSettings(
    List<InetAddress> servers, List<String> searches, List<String> options, Rates rates) {
  public static final NetworkSettings NONE =
      new NetworkSettings(List.of(), List.of(), List.of(), Rates.UNLIMITED);

  public NetworkSettings {
    servers = List.copyOf(servers);
    searches = List.copyOf(searches);
    options = List.copyOf(options);
  }
}
