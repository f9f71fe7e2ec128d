package io.jbuild.cli;

import io.jbuild.builder.NetworkSettings;
import io.jbuild.isolation.NameService;
import io.jbuild.isolation.network.Rates;
import io.jbuild.linux.netlink.Addresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What is said of a network beside its kind: name servers, and how fast it is. */
final class NetworkOptions {
  private static final int MAX_SEARCHES = 32;

  @Option(
      names = "--dns",
      paramLabel = "ADDRESS",
      description = "A name server instead of this machine's; at most three.")
  List<String> servers = List.of();

  @Option(
      names = "--dns-search",
      paramLabel = "DOMAIN",
      description = "A domain to try for short names; '.' for none.")
  List<String> searches = List.of();

  @Option(
      names = {"--dns-option", "--dns-opt"},
      paramLabel = "OPTION",
      description = "An option of resolv.conf, such as ndots:2.")
  List<String> options = List.of();

  @Option(
      names = "--network-rate",
      paramLabel = "BITS",
      description = "How fast a private network is, each way: 10mbit, 1.5g, in bits per second.")
  @Nullable String rate;

  @Option(
      names = "--network-ingress-rate",
      paramLabel = "BITS",
      description = "The same for what is received.")
  @Nullable String ingress;

  @Option(
      names = "--network-egress-rate",
      paramLabel = "BITS",
      description = "The same for what is sent.")
  @Nullable String egress;

  NetworkSettings settings() {
    List<InetAddress> addresses = new ArrayList<>();
    for (String server : servers) {
      addresses.add(
          Addresses.parse(server)
              .orElseThrow(
                  () ->
                      new TypeConversionException(
                          "--dns takes an address of numbers, not '" + server + "'")));
    }
    if (addresses.size() > NameService.MAX_SERVERS) {
      throw new TypeConversionException(
          "--dns: resolvers ask three name servers at most, and here are " + addresses.size());
    }
    if (searches.size() > MAX_SEARCHES) {
      throw new TypeConversionException("--dns-search: at most " + MAX_SEARCHES + " domains");
    }
    searches.forEach(word -> check("--dns-search", word));
    options.forEach(word -> check("--dns-option", word));
    return new NetworkSettings(addresses, searches, options, rates());
  }

  private static void check(String option, String word) {
    if (!NameService.isWord(word)) {
      throw new TypeConversionException(option + " takes one word, not '" + word + "'");
    }
  }

  private Rates rates() {
    return new Rates(
        rate("--network-ingress-rate", ingress), rate("--network-egress-rate", egress));
  }

  private OptionalLong rate(String option, @Nullable String own) {
    if (own != null) {
      return OptionalLong.of(bits(option, own));
    }
    return rate == null ? OptionalLong.empty() : OptionalLong.of(bits("--network-rate", rate));
  }

  /**
   * {@code 10mbit}, {@code 1.5g}, {@code 64000}: with units of thousands, as networks have them.
   */
  static long bits(String option, String text) {
    String lower = text.toLowerCase(Locale.ROOT).replaceAll("bit$", "");
    int unit = lower.isEmpty() ? -1 : "kmg".indexOf(lower.charAt(lower.length() - 1));
    String digits = unit < 0 ? lower : lower.substring(0, lower.length() - 1);
    if (!digits.matches("[0-9]{1,13}(\\.[0-9]{1,6})?")) {
      throw new TypeConversionException(
          option + " takes bits per second, such as 10mbit, not '" + text + "'");
    }
    double value = Double.parseDouble(digits) * Math.pow(1000, unit + 1.0);
    if (value < Rates.LEAST || value > Rates.MOST) {
      throw new TypeConversionException(option + " is from 8kbit to 1000gbit, not '" + text + "'");
    }
    return (long) value;
  }
}
