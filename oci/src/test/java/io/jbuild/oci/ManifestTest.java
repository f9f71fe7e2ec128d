package io.jbuild.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String CONFIG =
      "{\"mediaType\":\""
          + MediaTypes.OCI_CONFIG
          + "\",\"digest\":\"sha256:"
          + HEX
          + "\",\"size\":7}";
  private static final String LAYER =
      "{\"mediaType\":\""
          + MediaTypes.OCI_LAYER_GZIP
          + "\",\"digest\":\"sha256:"
          + HEX
          + "\",\"size\":9}";

  private static String manifest(String config, String layers, String more) {
    return "{\"schemaVersion\":2,\"config\":"
        + config
        + ",\"layers\":["
        + layers
        + "]"
        + more
        + "}";
  }

  private static String layer(String digest, String size) {
    return "{\"mediaType\":\""
        + MediaTypes.OCI_LAYER
        + "\",\"digest\":"
        + digest
        + ",\"size\":"
        + size
        + "}";
  }

  private static ManifestOrIndex read(String text) throws MalformedException {
    return ManifestOrIndex.read(text.getBytes(UTF_8), MediaTypes.OCI_MANIFEST);
  }

  static Stream<String> hostile() {
    String good = "\"sha256:" + HEX + "\"";
    return Stream.of(
        // Digests that are none (CVE-2024-3727).
        manifest(CONFIG, layer("\"md5:d41d8cd98f00b204e9800998ecf8427e\"", "1"), ""),
        manifest(CONFIG, layer("\"sha256:../../etc/passwd\"", "1"), ""),
        manifest(CONFIG, layer("\"sha256:" + HEX.substring(1) + "\"", "1"), ""),
        manifest(CONFIG, layer("\"sha256:" + HEX + "\\n\"", "1"), ""),
        manifest(CONFIG, layer("\"sha256:" + HEX.substring(1) + "\\u0000\"", "1"), ""),
        manifest(CONFIG, layer("5", "1"), ""),
        manifest(CONFIG, layer("null", "1"), ""),
        // Sizes that are none.
        manifest(CONFIG, layer(good, "-1"), ""),
        manifest(CONFIG, layer(good, "1180591620717411303424"), ""),
        manifest(CONFIG, layer(good, "1.5"), ""),
        manifest(CONFIG, layer(good, "1e3"), ""),
        manifest(CONFIG, layer(good, "\"1\""), ""),
        manifest(CONFIG, layer(good, "null"), ""),
        manifest(CONFIG, layer(good, "9".repeat(1_000_000)), ""),
        // Two kinds in one (CVE-2021-41190), and other names for one field.
        manifest(CONFIG, LAYER, ",\"manifests\":[]"),
        manifest(CONFIG, LAYER, ",\"manifests\":null"),
        manifest(CONFIG, LAYER, ",\"Layers\":[]"),
        manifest(CONFIG, LAYER, ",\"layers\":[]"),
        manifest(CONFIG, LAYER, ",\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\""),
        manifest(CONFIG, LAYER, ",\"mediaType\":\"" + MediaTypes.DOCKER_MANIFEST + "\""),
        manifest(CONFIG, LAYER, ",\"mediaType\":7"),
        manifest(CONFIG, LAYER, "") + "{}",
        "\uFEFF" + manifest(CONFIG, LAYER, ""),
        // Not a manifest at all.
        "[]",
        "{}",
        "{\"schemaVersion\":1,\"fsLayers\":[],\"config\":" + CONFIG + "}",
        "{\"schemaVersion\":2,\"layers\":[]}",
        manifest("null", LAYER, ""),
        manifest(CONFIG, "null", ""),
        manifest(CONFIG, "{}", ""),
        manifest(CONFIG, "{\"mediaType\":\"\",\"digest\":" + good + ",\"size\":1}", ""),
        manifest(CONFIG, "{\"mediaType\":\"a/b\\n\",\"digest\":" + good + ",\"size\":1}", ""),
        manifest(CONFIG, LAYER, ",\"annotations\":{\"a\":1}"),
        manifest(CONFIG, LAYER, ",\"annotations\":{\"a\":\"" + "x".repeat(5 << 20) + "\"}"),
        manifest(CONFIG, LAYER, ",\"x\":" + "[".repeat(200_000) + "]".repeat(200_000)));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void read_hostile_isOneShortLine(String text) {
    MalformedException e = assertThrows(MalformedException.class, () -> read(text));

    assertTrue(e.getMessage().startsWith("manifest: "), e.getMessage());
    assertTrue(e.getMessage().length() <= 1000, e.getMessage());
    assertTrue(e.getMessage().chars().noneMatch(c -> c < ' '), e.getMessage());
  }

  @Test
  void read_wrongSize_saysWhere() {
    assertEquals(
        "manifest: field \"layers\": [1]: field \"size\": negative: -1",
        assertThrows(
                MalformedException.class,
                () ->
                    read(manifest(CONFIG, LAYER + "," + layer("\"sha256:" + HEX + "\"", "-1"), "")))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        "application/vnd.oci.artifact.manifest.v1+json",
        "application/json",
        "text/html",
        ""
      })
  void read_announcedAsAnotherKind_isMalformed(String type) {
    assertThrows(
        MalformedException.class,
        () -> ManifestOrIndex.read(manifest(CONFIG, LAYER, "").getBytes(UTF_8), type));
  }

  @Test
  void read_unknownFields_areIgnored() throws Exception {
    ManifestOrIndex read = read(manifest(CONFIG, LAYER, ",\"x\":{\"y\":[1]},\"annotations\":null"));

    Manifest manifest = assertInstanceOf(Manifest.class, read);
    assertEquals(9, manifest.layers().get(0).size());
    assertEquals(MediaTypes.OCI_MANIFEST, manifest.mediaType());
  }

  @Test
  void read_byItsOwnType_findsTheKind() throws Exception {
    String index = "{\"schemaVersion\":2,\"manifests\":[]}";

    assertInstanceOf(Index.class, ManifestOrIndex.read(index.getBytes(UTF_8)));
    assertInstanceOf(
        Manifest.class, ManifestOrIndex.read(manifest(CONFIG, LAYER, "").getBytes(UTF_8)));
    assertInstanceOf(
        Index.class,
        ManifestOrIndex.read(index.getBytes(UTF_8), MediaTypes.OCI_INDEX + "; charset=utf-8"));
  }

  @Test
  void requireImage_ofArtifactsAndUnknownLayers_isMalformed() throws Exception {
    String artifact = CONFIG.replace(MediaTypes.OCI_CONFIG, MediaTypes.OCI_EMPTY);
    String encrypted = LAYER.replace("+gzip", "+gzip+encrypted");

    Manifest good = (Manifest) read(manifest(CONFIG, LAYER, ""));
    assertEquals(good, good.requireImage());
    Manifest one = (Manifest) read(manifest(artifact, "", ""));
    assertThrows(MalformedException.class, one::requireImage);
    Manifest two = (Manifest) read(manifest(CONFIG, encrypted, ""));
    assertEquals(
        "manifest: unsupported layer type"
            + " \"application/vnd.oci.image.layer.v1.tar+gzip+encrypted\"",
        assertThrows(MalformedException.class, two::requireImage).getMessage());
  }

  /** Fields in the order of the specification's Go structs, escaped as Go does. */
  @Test
  void encode_isDeterministic() throws Exception {
    Digest digest = Digest.parse("sha256:" + HEX);
    TreeMap<String, String> annotations = new TreeMap<>();
    annotations.put("z", "1");
    annotations.put("a", "<2>");
    Manifest manifest =
        Manifest.of(
                MediaTypes.OCI_MANIFEST,
                Descriptor.of(MediaTypes.OCI_CONFIG, digest, 7),
                List.of(Descriptor.of(MediaTypes.OCI_LAYER_GZIP, digest, 9)))
            .withAnnotations(annotations);

    assertEquals(
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MediaTypes.OCI_MANIFEST
            + "\",\"config\":"
            + CONFIG
            + ",\"layers\":["
            + LAYER
            + "],\"annotations\":{\"a\":\"\\u003c2\\u003e\",\"z\":\"1\"}}",
        new String(manifest.encode(), UTF_8));
    assertEquals(manifest, ManifestOrIndex.read(manifest.encode()));
  }

  @Test
  void index_encode_readsBack() throws Exception {
    Descriptor arm =
        Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.parse("sha256:" + HEX), 3)
            .withPlatform(Platform.parse("linux/arm/v7"));
    Index index = Index.of(MediaTypes.DOCKER_INDEX, List.of(arm));

    assertEquals(index, ManifestOrIndex.read(index.encode()));
    assertTrue(
        new String(index.encode(), UTF_8)
            .contains(
                "\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}"));
  }
}
