package io.jbuild.oci.json;

import java.util.Iterator;
import java.util.Map;

/**
 * Writes what Go's encoding/json writes. {@code <}, {@code >}, {@code &} and the two line
 * separators are escaped as Go does for HTML, so that an image made here has the same bytes, and so
 * the same digest, as one that Docker made of the same fields.
 */
final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out;
  private final String indent;
  private int depth;

  JsonWriter(StringBuilder out, String indent) {
    this.out = out;
    this.indent = indent;
  }

  void write(JsonValue value) {
    if (value instanceof JsonObject object) {
      writeObject(object);
    } else if (value instanceof JsonArray array) {
      writeArray(array);
    } else if (value instanceof JsonValue.Text text) {
      writeText(text.value());
    } else if (value instanceof JsonValue.Numeral numeral) {
      out.append(numeral.literal());
    } else if (value instanceof JsonValue.Bool bool) {
      out.append(bool.value());
    } else {
      out.append("null");
    }
  }

  private void writeObject(JsonObject object) {
    Iterator<Map.Entry<String, JsonValue>> fields = object.fields().entrySet().iterator();
    open('{');
    for (boolean more = fields.hasNext(); more; ) {
      Map.Entry<String, JsonValue> field = fields.next();
      line();
      writeText(field.getKey());
      out.append(indent.isEmpty() ? ":" : ": ");
      write(field.getValue());
      more = fields.hasNext();
      out.append(more ? "," : "");
    }
    close('}', object.fields().isEmpty());
  }

  private void writeArray(JsonArray array) {
    Iterator<JsonValue> values = array.values().iterator();
    open('[');
    for (boolean more = values.hasNext(); more; ) {
      line();
      write(values.next());
      more = values.hasNext();
      out.append(more ? "," : "");
    }
    close(']', array.values().isEmpty());
  }

  private void open(char bracket) {
    out.append(bracket);
    depth++;
  }

  private void close(char bracket, boolean empty) {
    depth--;
    if (!empty) {
      line();
    }
    out.append(bracket);
  }

  private void line() {
    if (!indent.isEmpty()) {
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private void writeText(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      writeChar(text.charAt(i));
    }
    out.append('"');
  }

  private void writeChar(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '<', '>', '&', '\u2028', '\u2029' -> escape(c);
      default -> {
        if (c < ' ') {
          escape(c);
        } else {
          out.append(c);
        }
      }
    }
  }

  private void escape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 0xf));
    }
  }
}
