package io.jbuild.builder.parse;

import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.Warning;
import java.util.List;

/**
 * A file as syntax: what its first lines say about it, and a node per instruction.
 *
 * @param extended whether it is of this program's own language
 * @param nodes of this file, and after an expansion of those that it includes
 */
public record SyntaxTree(
    Source source,
    Directives directives,
    boolean extended,
    List<Node> nodes,
    List<Warning> warnings) {
  private static final String CHECK = "check=";

  public SyntaxTree {
    nodes = List.copyOf(nodes);
    warnings = List.copyOf(warnings);
  }

  /**
   * What a {@code # check=…} comment right above an instruction says about it, up to the first
   * blank: a remark may follow. One that cannot be read is a comment as any other.
   */
  public Directives.Checks checks(Node node) {
    for (String comment : node.comments()) {
      if (comment.startsWith(CHECK)) {
        return ChecksReader.find(comment.substring(CHECK.length()), node.source(), node.range());
      }
    }
    return Directives.Checks.NONE;
  }

  /** Text that parses to the same nodes; comments inside instructions and blank lines are gone. */
  public String print() {
    StringBuilder out = new StringBuilder();
    directives.print(out);
    if (!nodes.isEmpty() && !nodes.get(0).comments().isEmpty()) {
      // Ends the directives: a comment that only looks like one must stay a comment.
      out.append('\n');
    }
    for (Node node : nodes) {
      node.comments().forEach(comment -> out.append("# ").append(comment).append('\n'));
      node.print(out, directives.escape());
    }
    return out.toString();
  }
}
