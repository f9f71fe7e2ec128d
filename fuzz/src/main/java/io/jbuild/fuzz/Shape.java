package io.jbuild.fuzz;

import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.lang.reflect.RecordComponent;
import java.util.Optional;

/** A tree as text, without places, which differ between a file and what is printed of it. */
final class Shape {
  private Shape() {}

  static String of(SyntaxTree tree) {
    StringBuilder out = new StringBuilder();
    tree.nodes().forEach(node -> out.append(value(node)).append('\n'));
    return out.toString();
  }

  private static String value(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Shape::value).orElse("-");
    }
    if (value instanceof Iterable<?> items) {
      StringBuilder out = new StringBuilder("[");
      items.forEach(item -> out.append(value(item)).append(", "));
      return out.append(']').toString();
    }
    return value instanceof Record record ? record(record) : "<" + value + ">";
  }

  private static String record(Record value) {
    StringBuilder out = new StringBuilder(value.getClass().getSimpleName()).append('(');
    for (RecordComponent part : value.getClass().getRecordComponents()) {
      boolean text = value instanceof Node && part.getName().equals("text");
      if (part.getType() == SourceRange.class || part.getType() == Source.class || text) {
        continue;
      }
      try {
        out.append(part.getName()).append('=').append(value(part.getAccessor().invoke(value)));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    return out.append(')').toString();
  }
}
