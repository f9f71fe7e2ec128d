package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * An image in the store.
 *
 * @param id the digest of its config, which lies in the content store
 * @param diffIds its layers, bottom first; they lie in the layer store
 * @param manifests the manifests that are known for it, as they were pulled or pushed
 */
public record ImageRecord(
    Digest id, Platform platform, List<DiffId> diffIds, List<Descriptor> manifests) {

  public ImageRecord {
    diffIds = List.copyOf(diffIds);
    manifests = List.copyOf(manifests);
  }

  /** With one more manifest, unless it is known. */
  public ImageRecord withManifest(Descriptor manifest) {
    if (manifests.contains(manifest)) {
      return this;
    }
    List<Descriptor> all = new ArrayList<>(manifests);
    all.add(manifest);
    return new ImageRecord(id, platform, diffIds, all);
  }

  byte[] encode() {
    List<JsonValue> known = new ArrayList<>();
    manifests.forEach(manifest -> known.add(manifest.toJson()));
    return Json.write(
        JsonObject.builder()
            .put("id", id.toString())
            .put("platform", platform.toJson())
            .putStrings("diffIds", diffIds.stream().map(DiffId::toString).toList())
            .put("manifests", new JsonArray(known))
            .build());
  }

  static ImageRecord decode(byte[] bytes) throws MalformedException {
    JsonObject json = Json.readObject(bytes);
    return new ImageRecord(
        Digest.parse(json.string("id")),
        Platform.fromJson(json.object("platform")),
        json.list("diffIds", id -> DiffId.parse(id.asString())),
        json.list("manifests", Descriptor::fromJson));
  }
}
