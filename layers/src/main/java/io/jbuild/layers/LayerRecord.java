package io.jbuild.layers;

import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A layer's summary as a file: one line of JSON, and its digest behind it so that damage shows. */
final class LayerRecord {
  static final int LONGEST = 1 << 16;

  private LayerRecord() {}

  static byte[] write(LayerSummary summary) {
    byte[] json =
        Json.write(
            JsonObject.builder()
                .put("version", 1)
                .put("diffId", summary.diffId().toString())
                .put("tarSize", summary.tarSize())
                .put("entries", summary.entries())
                .put("form", summary.form().name())
                .build());
    return (new String(json, StandardCharsets.UTF_8) + "\n" + Digest.sha256(json) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  static LayerSummary read(byte[] record) throws MalformedException {
    int newline = 0;
    while (newline < record.length && record[newline] != '\n') {
      newline++;
    }
    byte[] json = Arrays.copyOf(record, newline);
    String sum =
        new String(record, newline, record.length - newline, StandardCharsets.UTF_8).strip();
    if (!sum.equals(Digest.sha256(json).toString())) {
      throw new MalformedException("the layer record's checksum is wrong");
    }
    JsonObject object = Json.readObject(json);
    if (object.integer("version") != 1) {
      throw new MalformedException("the layer record's version is unknown");
    }
    return new LayerSummary(
        DiffId.parse(object.string("diffId")),
        object.integer("tarSize"),
        object.integer("entries"),
        form(object.string("form")));
  }

  private static LayerSummary.Form form(String name) throws MalformedException {
    for (LayerSummary.Form form : LayerSummary.Form.values()) {
      if (form.name().equals(name)) {
        return form;
      }
    }
    throw new MalformedException("the layer record's form is unknown");
  }
}
