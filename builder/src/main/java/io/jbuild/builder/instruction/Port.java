package io.jbuild.builder.instruction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A port that an image says it listens on.
 *
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record Port(int number, String protocol) {
  private static final List<String> PROTOCOLS = List.of("tcp", "udp", "sctp");

  /**
   * Reads {@code [[ip:][host]:]from[-to][/protocol]}; what is before the last colon says where a
   * host would publish the port and means nothing in an image.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static List<Port> parse(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
    String ports = slash < 0 ? text : text.substring(0, slash);
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException("invalid protocol in port \"" + text + "\"");
    }
    String range = ports.substring(ports.lastIndexOf(':') + 1);
    int dash = range.indexOf('-');
    int first = number(dash < 0 ? range : range.substring(0, dash), text);
    int last = dash < 0 ? first : number(range.substring(dash + 1), text);
    if (last < first) {
      throw new IllegalArgumentException("invalid port range \"" + text + "\"");
    }
    List<Port> out = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      out.add(new Port(number, protocol));
    }
    return out;
  }

  private static int number(String digits, String text) {
    return Numbers.unsigned(digits, 10, 65535)
        .flatMap(n -> Optional.of(n.intValue()))
        .orElseThrow(() -> new IllegalArgumentException("invalid port \"" + text + "\""));
  }

  /** As image configurations write it: {@code 80/tcp}. */
  @Override
  public String toString() {
    return number + "/" + protocol;
  }
}
