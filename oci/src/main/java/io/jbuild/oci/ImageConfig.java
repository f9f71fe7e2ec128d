package io.jbuild.oci;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an image is: platform, layers by diffID (bottom first), how it runs, how it came about. The
 * digest of its JSON is the image ID.
 *
 * <p>Fields that are not known here are ignored when read. An image that was pulled keeps them,
 * because the bytes that came are what is stored; an image built on it starts from the known
 * fields.
 */
public record ImageConfig(
    Platform platform,
    Optional<Instant> created,
    String author,
    RunConfig config,
    List<DiffId> diffIds,
    List<History> history) {

  private static final List<String> FIELDS =
      List.of(
          "architecture",
          "os",
          "os.version",
          "os.features",
          "variant",
          "created",
          "author",
          "config",
          "rootfs",
          "history");

  public ImageConfig {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /** An image without layers. */
  public static ImageConfig scratch(Platform platform) {
    return new ImageConfig(platform, Optional.empty(), "", RunConfig.EMPTY, List.of(), List.of());
  }

  public static ImageConfig read(byte[] bytes) throws MalformedException {
    try {
      return fromJson(Json.readObject(bytes));
    } catch (MalformedException e) {
      throw e.in("image config");
    }
  }

  private static ImageConfig fromJson(JsonObject json) throws MalformedException {
    json.refuseLookalikes(FIELDS);
    return new ImageConfig(
        Platform.fromJson(json),
        json.optional("created", time -> Rfc3339.parse(time.asString())),
        json.stringOrEmpty("author"),
        json.optional("config", config -> RunConfig.fromJson(config.asObject()))
            .orElse(RunConfig.EMPTY),
        json.required("rootfs", rootfs -> diffIds(rootfs.asObject())),
        json.list("history", History::fromJson));
  }

  private static List<DiffId> diffIds(JsonObject rootfs) throws MalformedException {
    rootfs.refuseLookalikes(List.of("type", "diff_ids"));
    String type = rootfs.string("type");
    if (!type.equals("layers")) {
      throw new MalformedException("unsupported type " + Printable.quote(type));
    }
    return rootfs.list("diff_ids", id -> DiffId.parse(id.asString()));
  }

  /** Refuses a config that speaks of another number of layers than its manifest has. */
  public void requireLayers(int count) throws MalformedException {
    if (diffIds.size() != count) {
      throw new MalformedException(
          "image config: " + diffIds.size() + " diffIDs for " + count + " layers");
    }
  }

  public ImageConfig withPlatform(Platform newPlatform) {
    return new ImageConfig(newPlatform, created, author, config, diffIds, history);
  }

  public ImageConfig withCreated(Instant newCreated) {
    return new ImageConfig(platform, Optional.of(newCreated), author, config, diffIds, history);
  }

  public ImageConfig withAuthor(String newAuthor) {
    return new ImageConfig(platform, created, newAuthor, config, diffIds, history);
  }

  public ImageConfig withConfig(RunConfig newConfig) {
    return new ImageConfig(platform, created, author, newConfig, diffIds, history);
  }

  /** With one more step that made a layer. */
  public ImageConfig withLayer(DiffId layer, History step) {
    return new ImageConfig(
        platform, created, author, config, append(diffIds, layer), append(history, step));
  }

  /** With one more step that made none. */
  public ImageConfig withStep(History step) {
    return new ImageConfig(platform, created, author, config, diffIds, append(history, step));
  }

  private static <T> List<T> append(List<T> list, T element) {
    List<T> result = new ArrayList<>(list);
    result.add(element);
    return result;
  }

  /** Compact JSON, the same for equal values; fields as BuildKit orders them. */
  public byte[] encode() {
    return Json.write(toJson());
  }

  private JsonObject toJson() {
    JsonObject rootfs =
        JsonObject.builder()
            .put("type", "layers")
            .putStrings("diff_ids", diffIds.stream().map(DiffId::toString).toList())
            .build();
    JsonArray steps =
        new JsonArray(history.stream().map(step -> (JsonValue) step.toJson()).toList());
    return JsonObject.builder()
        .put("architecture", platform.architecture())
        .putIfAny("author", author)
        .put("config", config.toJson())
        .putIfAny("created", created.map(Rfc3339::format).orElse(""))
        .putIfAny("history", history.isEmpty() ? Optional.empty() : Optional.of(steps))
        .put("os", platform.os())
        .putIfAny("os.features", platform.osFeatures())
        .putIfAny("os.version", platform.osVersion().orElse(""))
        .put("rootfs", rootfs)
        .putIfAny("variant", platform.variant().orElse(""))
        .build();
  }
}
