package io.jbuild.oci.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Index;
import io.jbuild.oci.Manifest;
import io.jbuild.oci.ManifestOrIndex;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.store.BlobCorruptException;
import io.jbuild.oci.store.BlobMissingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OciLayoutTest {
  private static final Platform AMD64 = Platform.of("linux", "amd64");
  private static final Platform ARM64 = Platform.of("linux", "arm64");

  private final Path directory =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/images/layout");
  @TempDir private Path real;

  private static Descriptor put(OciLayout layout, ManifestOrIndex document) throws IOException {
    layout.blobs().put(document.encode());
    return Descriptor.of(document.mediaType(), document.encode());
  }

  private static Descriptor image(OciLayout layout, String author, Platform platform)
      throws IOException {
    byte[] config = ImageConfig.scratch(platform).withAuthor(author).encode();
    layout.blobs().put(config);
    Manifest manifest =
        Manifest.of(
            MediaTypes.OCI_MANIFEST, Descriptor.of(MediaTypes.OCI_CONFIG, config), List.of());
    return put(layout, manifest).withPlatform(platform);
  }

  @Test
  void create_thenOpen_isAnEmptyLayout() throws Exception {
    OciLayout.create(directory);

    assertEquals(
        "{\"imageLayoutVersion\":\"1.0.0\"}", Files.readString(directory.resolve("oci-layout")));
    assertEquals(List.of(), OciLayout.open(directory).index().manifests());
    assertEquals(
        "the layout /images/layout holds no image",
        assertThrows(IOException.class, () -> OciLayout.open(directory).resolve(AMD64))
            .getMessage());
  }

  @Test
  void create_inAFullDirectory_isRefused() throws Exception {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("thesis"), "x");

    assertThrows(IOException.class, () -> OciLayout.create(directory));
    assertFalse(Files.exists(directory.resolve("oci-layout")));
  }

  @Test
  void add_mergesIntoTheIndex_replacingTheName() throws Exception {
    OciLayout layout = OciLayout.create(directory);
    Descriptor a = image(layout, "a", AMD64);
    Descriptor b = image(layout, "b", AMD64);
    layout.add(a, Optional.of("one"));
    layout.add(a, Optional.of("two"));
    layout.add(b, Optional.of("one"));
    layout.add(b, Optional.empty());
    layout.add(b, Optional.empty());

    assertEquals(3, layout.index().manifests().size());
    assertEquals(b.digest(), layout.resolve("one", AMD64).descriptor().digest());
    assertEquals(a.digest(), layout.resolve("two", AMD64).descriptor().digest());
    assertEquals(b.digest(), layout.resolve(b.digest(), AMD64).descriptor().digest());
    assertEquals(
        "the layout /images/layout holds no image named \"x\\n\"; there are: \"one\", \"two\"",
        assertThrows(IOException.class, () -> layout.resolve("x\n", AMD64)).getMessage());
    assertEquals(
        "the layout /images/layout holds several images: \"one\", \"two\"",
        assertThrows(IOException.class, () -> layout.resolve(AMD64)).getMessage());
  }

  @Test
  void add_keepsWhatItDoesNotKnow() throws Exception {
    OciLayout layout = OciLayout.create(directory);
    Descriptor a = image(layout, "a", AMD64);
    String entry =
        "{\"mediaType\":\"x/y\",\"data\":\"e30=\",\"size\":2,\"new\":[1.50],\"digest\":\""
            + Digest.sha256("{}".getBytes(UTF_8))
            + "\"}";
    Files.writeString(
        directory.resolve("index.json"),
        "{\"schemaVersion\":2,\"future\":{\"x\":1},\"manifests\":[" + entry + "]}");

    layout.add(a, Optional.empty());

    String index = Files.readString(directory.resolve("index.json"));
    assertTrue(index.contains(entry), index);
    assertTrue(index.contains("\"future\":{\"x\":1}"), index);
    assertEquals(2, layout.index().manifests().size());
  }

  @Test
  void add_withoutItsBlob_isRefused() throws Exception {
    OciLayout layout = OciLayout.create(directory);
    Descriptor ghost = Descriptor.of(MediaTypes.OCI_MANIFEST, new byte[] {1});

    assertThrows(IOException.class, () -> layout.add(ghost, Optional.empty()));
  }

  @Test
  void resolve_byPlatform_throughANestedIndex() throws Exception {
    OciLayout layout = OciLayout.create(directory);
    Descriptor amd = image(layout, "amd", AMD64);
    Descriptor arm = image(layout, "arm", ARM64);
    Descriptor index = put(layout, Index.of(MediaTypes.OCI_INDEX, List.of(amd, arm)));
    layout.add(index, Optional.of("both"));

    assertEquals(arm, layout.resolve("both", ARM64).descriptor());
    assertEquals(amd, layout.resolve(index.digest(), AMD64).descriptor());
    assertEquals(
        "no image for platform linux/s390x; there are: linux/amd64, linux/arm64",
        assertThrows(IOException.class, () -> layout.resolve(Platform.of("linux", "s390x")))
            .getMessage());
  }

  @Test
  void resolve_changedManifest_isCorrupt() throws Exception {
    OciLayout layout = OciLayout.create(directory);
    Descriptor a = image(layout, "a", AMD64);
    layout.add(a, Optional.empty());
    Path blob = directory.resolve("blobs/sha256").resolve(a.digest().hex());
    Files.writeString(blob, Files.readString(blob).replace("\"size\":", "\"sizE\":"));

    assertThrows(BlobCorruptException.class, () -> layout.resolve(AMD64));
    Files.delete(blob);
    assertThrows(BlobMissingException.class, () -> layout.resolve(AMD64));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 5_000_000, Long.MAX_VALUE})
  void resolve_sizeThatIsALie_isCorrupt(long size) throws Exception {
    OciLayout layout = OciLayout.create(directory);
    Descriptor a = image(layout, "a", AMD64);
    Files.writeString(
        directory.resolve("index.json"),
        new String(
            Index.of(MediaTypes.OCI_INDEX, List.of(Descriptor.of(a.mediaType(), a.digest(), size)))
                .encode(),
            UTF_8));

    assertThrows(BlobCorruptException.class, () -> layout.resolve(AMD64));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "x", "{\"imageLayoutVersion\":\"2.0.0\"}", "[]"})
  void open_anotherVersion_isRefused(String marker) throws Exception {
    OciLayout.create(directory);
    Files.writeString(directory.resolve("oci-layout"), marker);

    assertThrows(IOException.class, () -> OciLayout.open(directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-layout", "index.json", "blobs", "blobs/sha256", "blob"})
  void symbolicLink_inPlaceOfAPart_isRefused_andNotShown(String part) throws Exception {
    Path layoutPath = real.resolve("layout");
    OciLayout layout = OciLayout.create(layoutPath);
    Descriptor a = image(layout, "a", AMD64);
    layout.add(a, Optional.empty());
    Path replaced =
        layoutPath.resolve(part.equals("blob") ? "blobs/sha256/" + a.digest().hex() : part);
    Path secret = real.resolve("elsewhere");
    Files.move(replaced, secret);
    Files.createSymbolicLink(replaced, secret);

    IOException e =
        assertThrows(IOException.class, () -> OciLayout.open(layoutPath).resolve(AMD64));

    assertFalse(e.toString().contains("imageLayoutVersion"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-layout", "index.json", "blob"})
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void fifo_inPlaceOfAFile_isRefusedWithoutWaiting(String part) throws Exception {
    Path layoutPath = real.resolve("layout");
    OciLayout layout = OciLayout.create(layoutPath);
    Descriptor a = image(layout, "a", AMD64);
    layout.add(a, Optional.empty());
    Path replaced =
        layoutPath.resolve(part.equals("blob") ? "blobs/sha256/" + a.digest().hex() : part);
    Files.delete(replaced);
    assertEquals(0, new ProcessBuilder("mkfifo", replaced.toString()).start().waitFor());

    assertThrows(IOException.class, () -> OciLayout.open(layoutPath).resolve(AMD64));
  }

  @Test
  void skopeo_readsWhatWasWritten_andWritesWhatWeRead() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/skopeo")), "skopeo is not installed: skipped");
    OciLayout layout = OciLayout.create(real.resolve("ours"));
    Descriptor a = image(layout, "someone", AMD64);
    layout.add(a.withAnnotations(Map.of("k", "v")), Optional.of("v1"));

    String theirs = real.resolve("theirs").toString();
    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--insecure-policy",
                "oci:" + real.resolve("ours") + ":v1",
                "oci:" + theirs + ":v2")
            .redirectErrorStream(true)
            .start();
    String output = new String(skopeo.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, skopeo.waitFor(), output);

    assertEquals(
        a.digest(), OciLayout.open(Path.of(theirs)).resolve("v2", AMD64).descriptor().digest());
  }
}
