package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Directives;
import io.jbuild.builder.parse.Heredoc;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.builder.source.Warning;
import io.jbuild.builder.value.StepLimits;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A parsed file as text for comparison: syntax with lines, then what it means. */
public final class TreeText {
  private TreeText() {}

  /** Everything but ranges, by which printed and parsed again files are compared. */
  public static String syntax(SyntaxTree tree) {
    return value(tree.nodes(), false);
  }

  /** What a file means: typed instructions, without their places. */
  public static String meaning(Buildfile file) {
    return value(file.globals(), false) + '\n' + value(file.stages(), false);
  }

  public static String of(Buildfile file) throws ReflectiveOperationException {
    StringBuilder out = new StringBuilder();
    Directives directives = file.directives();
    out.append("escape ").append(directives.escape()).append('\n');
    directives.syntax().ifPresent(d -> out.append("syntax ").append(d.value()).append('\n'));
    if (directives.check().isPresent()) {
      out.append("checks skip=").append(new java.util.TreeSet<>(directives.checks().skip()));
      out.append(" error=").append(directives.checks().error()).append('\n');
    }
    for (Warning warning : file.warnings()) {
      out.append("warning ").append(warning.rule()).append(" at ");
      out.append(warning.range()).append('\n');
    }
    file.syntax().nodes().forEach(node -> node(out, node));
    out.append("--\n");
    file.globals().forEach(arg -> out.append("global ").append(value(arg, true)).append('\n'));
    for (Stage stage : file.stages()) {
      out.append("stage ").append(stage.index()).append(' ');
      out.append(value(stage.from(), true)).append('\n');
      stage.instructions().forEach(i -> out.append("  ").append(value(i, true)).append('\n'));
    }
    return out.toString();
  }

  /** What instructions are with these variables, each for itself. */
  static String expanded(Buildfile file, Map<String, String> environment)
      throws BuildfileException {
    StringBuilder out = new StringBuilder();
    char escape = file.directives().escape();
    for (Arg arg : file.globals()) {
      out.append("global ").append(value(arg.expand(new Expansion(environment, escape)), false));
      out.append('\n');
    }
    for (Stage stage : file.stages()) {
      Expansion expansion = new Expansion(environment, escape);
      out.append("stage ").append(stage.index()).append(' ');
      out.append(value(stage.from().expand(expansion), false)).append('\n');
      for (Instruction instruction : stage.instructions()) {
        Instruction expanded = instruction.expand(expansion);
        out.append("  ").append(value(expanded, false)).append('\n');
        if (expanded instanceof Run run) {
          out.append("    ").append(value(run.resolveMounts(expansion), false)).append('\n');
          StepLimits limits = run.resolveLimits(expansion);
          if (!limits.equals(StepLimits.NONE)) {
            out.append("    ").append(value(limits, false)).append('\n');
          }
        } else if (expanded instanceof Expose expose) {
          out.append("    ").append(expose.parsed()).append('\n');
        }
      }
      out.append("  undefined ").append(expansion.undefined()).append('\n');
    }
    return out.toString();
  }

  private static void node(StringBuilder out, Node node) {
    node.comments().forEach(c -> out.append("# ").append(c).append('\n'));
    out.append(node.range()).append(": ").append(node.written());
    node.flags()
        .forEach(f -> out.append(" <").append(f.name()).append(value(f.value(), true)).append('>'));
    out.append(' ').append(value(node.arguments(), true)).append('\n');
    for (Heredoc heredoc : node.heredocs()) {
      out.append("  ").append(value(heredoc, true)).append('\n');
    }
  }

  private static String value(Object value, boolean ranges) {
    if (value instanceof Optional<?> optional) {
      return optional.map(v -> value(v, ranges)).orElse("-");
    }
    if (value instanceof OptionalInt || value instanceof OptionalLong) {
      return value.toString().replaceAll("[^-0-9]+", "");
    }
    if (value instanceof String text) {
      return quote(text);
    }
    if (value instanceof SourceRange range) {
      return ranges ? "@" + range.startLine() + ".." + range.endLine() : "";
    }
    if (value instanceof Iterable<?> items) {
      StringBuilder out = new StringBuilder("[");
      items.forEach(item -> out.append(out.length() > 1 ? ", " : "").append(value(item, ranges)));
      return out.append(']').toString();
    }
    return value instanceof Record ? record(value, ranges) : value.toString();
  }

  private static String record(Object value, boolean ranges) {
    StringBuilder out = new StringBuilder(value.getClass().getSimpleName()).append('(');
    String separator = "";
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      boolean raw = value instanceof Node && component.getName().equals("text");
      if (component.getType() == Origin.class || component.getType() == Source.class || raw) {
        continue;
      }
      try {
        component.getAccessor().setAccessible(true);
        Object part = component.getAccessor().invoke(value);
        if (value instanceof Run run
            && run.limits().equals(part)
            && run.limits().isEmpty()
            && component.getName().equals("limits")) {
          continue;
        }
        out.append(separator).append(component.getName()).append('=').append(value(part, ranges));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
      separator = ", ";
    }
    return out.append(')').toString();
  }

  private static String quote(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
  }
}
