package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Expose;
import io.jbuild.builder.source.BuildfileException;
import java.util.Locale;

/** Checks of EXPOSE, one finding for each port. */
final class ExposeRules {
  private ExposeRules() {}

  static void check(Line line, Expose expose, Findings findings) throws BuildfileException {
    for (String port : expose.ports()) {
      int slash = port.indexOf('/');
      String protocol = slash < 0 ? "" : port.substring(slash + 1);
      if (!protocol.equals(protocol.toLowerCase(Locale.ROOT))) {
        findings.add(
            line,
            Rule.EXPOSE_PROTO_CASING,
            "the protocol of port \"" + port + "\" should be in lower case");
      }
      String host = slash < 0 ? port : port.substring(0, slash);
      if (host.lastIndexOf(':') > 0) {
        findings.add(
            line,
            Rule.EXPOSE_INVALID_FORMAT,
            "\"" + port + "\" names a host's address or port, which EXPOSE cannot publish");
      }
    }
    expose.parsed();
  }
}
