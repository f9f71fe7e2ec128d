package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code EXPOSE}: ports that the container listens on: metadata only.
 *
 * @param ports as written, or after {@link #expand} one specification each
 */
public record Expose(Origin origin, List<String> ports) implements Instruction {
  public Expose {
    ports = List.copyOf(ports);
  }

  @Override
  public Keyword keyword() {
    return Keyword.EXPOSE;
  }

  /** Sorted as they were written, which is BuildKit's order in the history. */
  @Override
  public Expose expand(Expansion expansion) throws BuildfileException {
    Expander expander = new Expander(expansion, origin);
    List<String> all = new ArrayList<>();
    for (String port : ports.stream().sorted().toList()) {
      all.addAll(expander.words(port));
    }
    return new Expose(origin, all);
  }

  /** The single ports, ranges unrolled; call it on an expanded instruction. */
  public List<Port> parsed() throws BuildfileException {
    List<Port> all = new ArrayList<>();
    for (String port : ports) {
      try {
        all.addAll(Port.parse(port));
      } catch (IllegalArgumentException e) {
        throw origin
            .error(
                String.valueOf(e.getMessage()),
                "write 80, 8000-8010 or 53/udp: ports up to 65535; tcp, udp or sctp")
            .at(port);
      }
    }
    return all;
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
