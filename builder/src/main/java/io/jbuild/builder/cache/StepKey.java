package io.jbuild.builder.cache;

import io.jbuild.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a step is known by: named fields in a fixed order, and the digest of their framing.
 *
 * <p>Every name and every value is preceded by its length, every list by its count, so that no two
 * different sets of fields have the same framing, whatever bytes they hold.
 */
public record StepKey(Digest digest, List<Field> fields) {
  /** Part of every key: raised when the meaning of a step's result changes. */
  private static final String VERSION = "jbuild-step-2";

  public StepKey {
    fields = List.copyOf(fields);
  }

  /** A named field; a list is told from a text by its values' count in the framing. */
  public record Field(String name, List<String> values) {
    public Field {
      values = List.copyOf(values);
    }
  }

  /** Starts a key for one kind of step. */
  public static Builder of(String kind) {
    return new Builder().add("kind", kind);
  }

  /** Collects fields in order. */
  public static final class Builder {
    private final List<Field> fields = new ArrayList<>();

    private Builder() {}

    public Builder add(String name, String value) {
      fields.add(new Field(name, List.of(value)));
      return this;
    }

    public Builder add(String name, Digest value) {
      return add(name, value.toString());
    }

    public Builder add(String name, List<String> values) {
      fields.add(new Field(name, values));
      return this;
    }

    /** A map as a list of alternating names and values. */
    public Builder add(String name, SortedMap<String, String> values) {
      List<String> flat = new ArrayList<>();
      for (Map.Entry<String, String> entry : values.entrySet()) {
        flat.add(entry.getKey());
        flat.add(entry.getValue());
      }
      return add(name, flat);
    }

    public StepKey build() {
      return new StepKey(Digest.sha256(frame(fields)), fields);
    }
  }

  private static byte[] frame(List<Field> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text(out, VERSION);
    number(out, fields.size());
    for (Field field : fields) {
      text(out, field.name());
      number(out, field.values().size());
      field.values().forEach(value -> text(out, value));
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(value >>> shift);
    }
  }
}
