package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.RawTar;
import io.jbuild.linux.KernelDir;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.store.ContentStore;
import io.jbuild.oci.store.StoreRoot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImageArchiveTest {
  @TempDir Path temp;

  private LayerStore layers;
  private ContentStore blobs;
  private LayerBlobs layerBlobs;

  @BeforeEach
  void openStore() throws IOException {
    LayerRoundTripTest.requireRoot();
    StoreRoot root = StoreRoot.open(temp.resolve("store"));
    layers = new LayerStore(root);
    blobs = new ContentStore(root);
    layerBlobs = new LayerBlobs(root, layers, blobs, Runnable::run, 1, line -> {});
  }

  private StoredLayer layer(long seed) throws IOException {
    try (LayerIngest ingest = layers.begin();
        KernelDir dir = KernelDir.open(ingest.fs())) {
      return ingest.commit(Trees.random(dir, seed, 4));
    }
  }

  private Descriptor config(StoredLayer... stack) throws IOException {
    String ids =
        Stream.of(stack)
            .map(layer -> '"' + layer.diffId().toString() + '"')
            .reduce((a, b) -> a + "," + b)
            .orElse("");
    byte[] config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                + ids
                + "]}}")
            .getBytes(StandardCharsets.UTF_8);
    return Descriptor.of(MediaTypes.OCI_CONFIG, blobs.put(config), config.length);
  }

  private byte[] dockerArchive(StoredLayer... stack) throws IOException {
    List<io.jbuild.oci.DiffId> ids = Stream.of(stack).map(StoredLayer::diffId).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageArchiveWriter.writeDockerArchive(
        List.of(new ImageArchiveWriter.DockerImage(config(stack), List.of("example.com/a:1"), ids)),
        blobs,
        layers,
        layerBlobs,
        out);
    return out.toByteArray();
  }

  private Descriptor manifest(Compression compression, Descriptor config, StoredLayer... stack)
      throws IOException {
    List<io.jbuild.oci.json.JsonValue> all = new java.util.ArrayList<>();
    for (StoredLayer layer : stack) {
      all.add(layerBlobs.get(layer.diffId(), compression, compression.usualLevel()).toJson());
    }
    io.jbuild.oci.json.JsonObject json =
        io.jbuild.oci.json.JsonObject.builder()
            .put("schemaVersion", 2)
            .put("mediaType", MediaTypes.OCI_MANIFEST)
            .put("config", config.toJson())
            .put("layers", new io.jbuild.oci.json.JsonArray(all))
            .build();
    byte[] bytes = io.jbuild.oci.json.Json.write(json);
    return Descriptor.of(MediaTypes.OCI_MANIFEST, blobs.put(bytes), bytes.length);
  }

  private byte[] ociArchive(Compression compression, StoredLayer... stack) throws IOException {
    Descriptor config = config(stack);
    Descriptor manifest = manifest(compression, config, stack);
    byte[] index =
        ("{\"schemaVersion\":2,\"manifests\":["
                + io.jbuild.oci.json.Json.writeString(
                    manifest
                        .withAnnotations(
                            new java.util.TreeMap<>(java.util.Map.of(Descriptor.REF_NAME, "x")))
                        .toJson())
                + "]}")
            .getBytes(StandardCharsets.UTF_8);
    List<Descriptor> all = new java.util.ArrayList<>(List.of(config, manifest));
    for (StoredLayer layer : stack) {
      all.add(layerBlobs.get(layer.diffId(), compression, compression.usualLevel()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageArchiveWriter.writeOciLayout(index, all, blobs, out);
    return out.toByteArray();
  }

  private ImageArchiveReader.Contents read(byte[] archive, String into) throws IOException {
    StoreRoot other = StoreRoot.open(temp.resolve(into));
    return ImageArchiveReader.read(
        new ByteArrayInputStream(archive), new ContentStore(other), ApplyLimits.DEFAULT);
  }

  @Test
  void dockerArchive_writtenAndRead_same() throws IOException {
    StoredLayer one = layer(1);
    StoredLayer two = layer(2);
    byte[] archive = dockerArchive(one, two, one);
    assertArrayEquals(archive, dockerArchive(one, two, one));
    ImageArchiveReader.Contents contents = read(archive, "other");
    ImageArchiveReader.DockerImage image = contents.dockerImages().get(0);
    assertEquals(List.of("example.com/a:1"), image.tags());
    assertEquals(config(one, two, one).digest(), image.config().digest());
    assertEquals(
        List.of(one.diffId().digest(), two.diffId().digest(), one.diffId().digest()),
        image.layers().stream().map(Descriptor::digest).toList());
  }

  @Test
  void ociArchive_writtenAndRead_same() throws IOException {
    byte[] archive = ociArchive(Compression.GZIP, layer(1), layer(2));
    ImageArchiveReader.Contents contents = read(archive, "other");
    assertEquals(0, contents.dockerImages().size());
    ContentStore other = new ContentStore(StoreRoot.open(temp.resolve("other")));
    assertEquals(true, other.has(config(layer(1), layer(2)).digest()));
    assertEquals(true, contents.ociIndex().isPresent());
  }

  /** skopeo checks every digest and diffID; umoci unpacks what it made of it. */
  @Test
  void archives_ofOthers_understood() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/skopeo")), "SKIPPED: skopeo is not installed");
    assumeTrue(Files.exists(Path.of("/usr/bin/umoci")), "SKIPPED: umoci is not installed");
    StoredLayer layer;
    try (LayerIngest ingest = layers.begin();
        KernelDir dir = KernelDir.open(ingest.fs())) {
      new LayerApplier(ApplyLimits.DEFAULT, line -> {})
          .apply(
              new ByteArrayInputStream(
                  new RawTar()
                      .dir("usr/")
                      .dir("usr/bin/")
                      .file("usr/bin/a", "program")
                      .link('1', "b", "usr/bin/a")
                      .link('2', "bin", "usr/bin")
                      .header('6', "p", 0)
                      .file("\u00c3\u00bc", "")
                      .end()),
              dir);
      layer =
          ingest.commit(
              new LayerScanner(LowerView.NOTHING, java.util.Optional.empty(), line -> {})
                  .scan(dir));
    }
    Path docker = Files.write(temp.resolve("docker.tar"), dockerArchive(layer));
    Path gzip = Files.write(temp.resolve("gzip.tar"), ociArchive(Compression.GZIP, layer));
    Path zstd = Files.write(temp.resolve("zstd.tar"), ociArchive(Compression.ZSTD, layer));
    for (String source :
        new String[] {"docker-archive:" + docker, "oci-archive:" + gzip, "oci-archive:" + zstd}) {
      Path oci = temp.resolve("oci" + source.hashCode());
      LayerRoundTripTest.run(
          "skopeo",
          "--insecure-policy",
          "copy",
          "--dest-compress-format=gzip",
          source,
          "oci:" + oci + ":x");
      Path bundle = temp.resolve("bundle" + source.hashCode());
      LayerRoundTripTest.run("umoci", "raw", "unpack", "--image", oci + ":x", bundle.toString());
      try (KernelDir expected = KernelDir.open(layer.fs());
          KernelDir found =
              KernelDir.open(
                  Files.isDirectory(bundle.resolve("rootfs"))
                      ? bundle.resolve("rootfs")
                      : bundle)) {
        assertEquals(Trees.describe(expected), Trees.describe(found), source);
      }
    }
    Path back = temp.resolve("back.tar");
    LayerRoundTripTest.run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "oci-archive:" + gzip,
        "docker-archive:" + back + ":example.com/b:2");
    ImageArchiveReader.DockerImage image =
        read(Files.readAllBytes(back), "back").dockerImages().get(0);
    assertEquals(List.of("example.com/b:2"), image.tags());
    assertEquals(layer.diffId().digest(), image.layers().get(0).digest());
  }

  static Stream<Arguments> hostile() {
    String sum = Digest.sha256("x".getBytes(StandardCharsets.UTF_8)).hex();
    return Stream.of(
        Arguments.of("traversal", new RawTar().file("../manifest.json", "[]")),
        Arguments.of(
            "symlinked layer",
            new RawTar()
                .link('2', "l.tar", "/etc/shadow")
                .file("c.json", "{}")
                .file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"l.tar\"]}]")),
        Arguments.of(
            "hard linked layer",
            new RawTar().link('1', "l.tar", "/etc/shadow").file("manifest.json", "[]")),
        Arguments.of("3 MB manifest", new RawTar().file("manifest.json", " ".repeat(3_000_000))),
        Arguments.of(
            "missing layer",
            new RawTar()
                .file("c.json", "{}")
                .file(
                    "manifest.json",
                    "[{\"Config\":\"c.json\",\"RepoTags\":[],\"Layers\":[\"/etc/shadow\"]}]")),
        Arguments.of(
            "missing config",
            new RawTar().file("manifest.json", "[{\"Config\":\"../../c.json\",\"Layers\":[]}]")),
        Arguments.of(
            "duplicate keys",
            new RawTar()
                .file("c.json", "{}")
                .file(
                    "manifest.json",
                    "[{\"Config\":\"c.json\",\"Config\":\"d.json\",\"Layers\":[]}]")),
        Arguments.of("not an array", new RawTar().file("manifest.json", "{}")),
        Arguments.of(
            "same file twice",
            new RawTar().file("l.tar", "a").file("l.tar", "b").file("manifest.json", "[]")),
        Arguments.of("layout without index", new RawTar().file("oci-layout", "{}")),
        Arguments.of("blob name", new RawTar().file("blobs/sha256/../../x", "x")),
        Arguments.of(
            "blob name md5", new RawTar().file("blobs/md5/abc", "x").file("manifest.json", "[]")),
        Arguments.of(
            "blob of another digest",
            new RawTar().file("blobs/sha256/" + sum, "y").file("manifest.json", "[]")),
        Arguments.of("nothing", new RawTar().file("README", "x")),
        Arguments.of("no tar", new RawTar().raw(new byte[3])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void read_hostile_refused(String what, RawTar archive) {
    IOException refusal = assertThrows(IOException.class, () -> read(archive.end(), "other"), what);
    assertEquals(
        true,
        refusal instanceof BadArchiveException
            || refusal instanceof io.jbuild.oci.store.BlobCorruptException,
        refusal.toString());
  }
}
