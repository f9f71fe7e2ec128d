package io.jbuild.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ManifestResolverTest {
  private final Map<Digest, byte[]> documents = new HashMap<>();
  private int fetched;

  private Descriptor add(ManifestOrIndex document) {
    byte[] bytes = document.encode();
    documents.put(Digest.sha256(bytes), bytes);
    return Descriptor.of(document.mediaType(), bytes);
  }

  private Descriptor image(String name) {
    Descriptor config = Descriptor.of(MediaTypes.OCI_CONFIG, name.getBytes(UTF_8));
    return add(Manifest.of(MediaTypes.OCI_MANIFEST, config, List.of()));
  }

  private Descriptor image(String name, String platform) throws IOException {
    return image(name).withPlatform(Platform.parse(platform));
  }

  private Descriptor index(Descriptor... entries) {
    return add(Index.of(MediaTypes.OCI_INDEX, List.of(entries)));
  }

  private byte[] fetch(Descriptor descriptor) throws IOException {
    fetched++;
    byte[] bytes = documents.get(descriptor.digest());
    if (bytes == null) {
      throw new IOException("no document " + descriptor);
    }
    return bytes;
  }

  private Descriptor resolve(Descriptor root, String platform) throws IOException {
    return ManifestResolver.resolve(root, this::fetch, Platform.parse(platform)).descriptor();
  }

  @Test
  void resolve_manifest_isItself() throws Exception {
    Descriptor image = image("a");

    ResolvedManifest resolved =
        ManifestResolver.resolve(image, this::fetch, Platform.parse("linux/amd64"));

    assertEquals(image, resolved.descriptor());
    assertArrayEquals(documents.get(image.digest()), resolved.bytes());
  }

  @Test
  void resolve_index_takesTheBestMatchAndTheFirstOfEquals() throws Exception {
    Descriptor v6 = image("v6", "linux/arm/v6");
    Descriptor v7 = image("v7", "linux/arm/v7");
    Descriptor again = image("again", "linux/arm/v7");
    Descriptor any = image("any");
    Descriptor root = index(any, v6, v7, again);

    assertEquals(v7, resolve(root, "linux/arm/v7"));
    assertEquals(v6, resolve(root, "linux/arm/v6"));
    assertEquals(v7, resolve(root, "linux/arm64"));
    assertEquals(any, resolve(root, "linux/s390x"));
  }

  @Test
  void resolve_noMatch_listsThePlatforms() throws Exception {
    Descriptor attestation =
        image("sbom")
            .withPlatform(Platform.of("unknown", "unknown"))
            .withAnnotations(Map.of("vnd.docker.reference.type", "attestation-manifest"));
    Descriptor root = index(image("a", "linux/arm64"), image("b", "linux/s390x"), attestation);

    assertEquals(
        "no image for platform linux/amd64; there are: linux/arm64, linux/s390x",
        assertThrows(MalformedException.class, () -> resolve(root, "linux/amd64")).getMessage());
  }

  @Test
  void resolve_nestedEightDeep_isFound_deeperIsRefused() throws Exception {
    Descriptor image = image("a", "linux/amd64");
    Descriptor root = image;
    for (int i = 0; i < 8; i++) {
      root = index(root);
    }
    Descriptor eight = root;
    Descriptor nine = index(root);
    for (int i = 0; i < 1000; i++) {
      root = index(root);
    }
    Descriptor thousand = root;

    assertEquals(image, resolve(eight, "linux/amd64"));
    assertThrows(MalformedException.class, () -> resolve(nine, "linux/amd64"));
    assertThrows(MalformedException.class, () -> resolve(thousand, "linux/amd64"));
  }

  @Test
  void resolve_cycle_ends() {
    Digest self = Digest.sha256(new byte[0]);
    Descriptor root = Descriptor.of(MediaTypes.OCI_INDEX, self, 1);
    documents.put(self, Index.of(MediaTypes.OCI_INDEX, List.of(root, root)).encode());

    MalformedException e =
        assertThrows(MalformedException.class, () -> resolve(root, "linux/amd64"));

    assertEquals("no image for platform linux/amd64; the index offers none", e.getMessage());
    assertEquals(1, fetched);
  }

  @Test
  void resolve_wideFanOut_isBounded() {
    List<Descriptor> entries = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      entries.add(index(image("i" + i)));
    }
    Descriptor root = index(entries.toArray(new Descriptor[0]));

    assertThrows(MalformedException.class, () -> resolve(root, "linux/amd64"));
    assertTrue(fetched <= 101, "fetched " + fetched);
  }

  @Test
  void resolve_bodyOfAnotherKind_isMalformed() {
    Descriptor image = image("a");
    Descriptor lie = image.withMediaType(MediaTypes.OCI_INDEX);

    assertThrows(MalformedException.class, () -> resolve(lie, "linux/amd64"));
  }
}
