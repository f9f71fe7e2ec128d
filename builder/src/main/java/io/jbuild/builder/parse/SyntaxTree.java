package io.jbuild.builder.parse;

import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.Warning;
import java.util.List;

/** A file as syntax: what its first lines say about it, and a node per instruction. */
public record SyntaxTree(
    Source source, Directives directives, List<Node> nodes, List<Warning> warnings) {
  public SyntaxTree {
    nodes = List.copyOf(nodes);
    warnings = List.copyOf(warnings);
  }

  /** Text that parses to the same nodes; comments inside instructions and blank lines are gone. */
  public String print() {
    StringBuilder out = new StringBuilder();
    directives.print(out);
    for (Node node : nodes) {
      node.comments().forEach(comment -> out.append("# ").append(comment).append('\n'));
      node.print(out, directives.escape());
    }
    return out.toString();
  }
}
