package io.jbuild.oci.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageStoreTest {
  private final StoreRoot root;
  private final ImageStore store;
  private final List<String> warnings = new ArrayList<>();
  private final Reference debian = Reference.parse("debian");
  private final Descriptor source = Descriptor.of(MediaTypes.OCI_INDEX, new byte[] {1});
  @TempDir private Path real;

  ImageStoreTest() throws IOException {
    root = StoreRoot.open(Jimfs.newFileSystem(Configuration.unix()).getPath("/store"));
    store = new ImageStore(root, warnings::add);
  }

  private static ImageRecord image(String name, String platform) throws IOException {
    Digest id = Digest.sha256(name.getBytes(UTF_8));
    return new ImageRecord(
        id, Platform.parse(platform), List.of(new DiffId(id), new DiffId(id)), List.of());
  }

  private ImageRecord added(String name, String platform) throws IOException {
    ImageRecord image = image(name, platform);
    store.put(image);
    return image;
  }

  @Test
  void put_untagged_isListedWithoutNames() throws Exception {
    ImageRecord image = added("a", "linux/arm/v7");

    assertEquals(Optional.of(image), store.get(image.id()));
    assertEquals(List.of(new StoredImage(image, List.of())), store.list());
  }

  @Test
  void put_again_addsManifests() throws Exception {
    ImageRecord image = added("a", "linux/amd64");
    Descriptor one = Descriptor.of(MediaTypes.OCI_MANIFEST, new byte[] {1});
    Descriptor two = Descriptor.of(MediaTypes.DOCKER_MANIFEST, new byte[] {2});

    store.put(image.withManifest(one));
    store.put(image.withManifest(two));
    store.put(image);

    assertEquals(List.of(one, two), store.get(image.id()).orElseThrow().manifests());
  }

  @Test
  void tag_movesTheName_theOldImageStays() throws Exception {
    ImageRecord old = added("a", "linux/amd64");
    ImageRecord fresh = added("b", "linux/amd64");
    store.tag(debian, old.id());
    store.tag(Reference.parse("debian:12"), old.id());

    store.tag(debian, fresh.id());

    assertEquals(Optional.of(fresh), store.get(debian));
    assertEquals(2, store.list().size());
    assertTrue(store.list().contains(new StoredImage(old, List.of(Reference.parse("debian:12")))));
  }

  @Test
  void tag_unknownImage_isAnError() {
    assertThrows(IOException.class, () -> store.tag(debian, Digest.sha256(new byte[0])));
    assertThrows(
        IOException.class,
        () -> store.addTag(debian, Digest.sha256(new byte[0]), Optional.empty()));
  }

  @Test
  void addTag_ofTheSameSource_keepsOtherPlatforms() throws Exception {
    ImageRecord amd = added("amd", "linux/amd64");
    ImageRecord arm = added("arm", "linux/arm64");
    store.addTag(debian, amd.id(), Optional.of(source));
    store.addTag(debian, arm.id(), Optional.of(source));

    assertEquals(Optional.of(amd), store.get(debian, Platform.parse("linux/amd64")));
    assertEquals(Optional.of(arm), store.get(debian, Platform.parse("linux/arm64")));
    assertEquals(Optional.empty(), store.get(debian, Platform.parse("linux/s390x")));
    assertEquals(Optional.of(arm), store.get(debian));

    Descriptor newer = Descriptor.of(MediaTypes.OCI_INDEX, new byte[] {2});
    store.addTag(debian, arm.id(), Optional.of(newer));
    assertEquals(Optional.empty(), store.get(debian, Platform.parse("linux/amd64")));
    assertEquals(Optional.of(newer), store.name(debian).orElseThrow().source());
  }

  @Test
  void index_namesItsPlatforms() throws Exception {
    ImageRecord one = added("one", "linux/amd64");
    ImageRecord two = added("two", "linux/arm64");
    List<Digest> ids = List.of(two.id(), one.id());
    // An image may be named for another platform than it says itself.
    List<Platform> platforms =
        List.of(Platform.parse("linux/s390x"), Platform.parse("linux/amd64"));
    NameRecord index = new NameRecord(debian, ids, platforms, Optional.of(source));
    store.tag(index);

    assertEquals(Optional.of(index), store.name(debian));
    assertEquals(Optional.of(two), store.get(debian, Platform.parse("linux/s390x")));
    assertEquals(Optional.empty(), store.get(debian, Platform.parse("linux/arm64")));
    store.addTag(debian, one.id(), Optional.of(source));
    assertEquals(Optional.of(index), store.name(debian));
    assertTrue(store.remove(two.id()));
    assertEquals(
        Optional.of(
            new NameRecord(
                debian, List.of(one.id()), platforms.subList(1, 2), Optional.of(source))),
        store.name(debian));
  }

  @Test
  void nameRecord_withoutPlatforms_isReadAsBefore() throws Exception {
    String id = Digest.sha256(new byte[0]).toString();
    String old = "{\"name\":\"docker.io/library/debian:12\",\"images\":[\"" + id + "\"]}";
    NameRecord read = NameRecord.decode(old.getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), read.platforms());
    assertFalse(read.isIndex());
    assertEquals(old, new String(read.encode(), StandardCharsets.UTF_8));
    String wrong = old.replace("\"images\"", "\"platforms\":[],\"images\"");
    assertEquals(read, NameRecord.decode(wrong.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void remove_takesTheNamesFirst() throws Exception {
    ImageRecord amd = added("amd", "linux/amd64");
    ImageRecord arm = added("arm", "linux/arm64");
    store.tag(new NameRecord(debian, List.of(amd.id(), arm.id()), Optional.empty()));
    store.tag(Reference.parse("only"), amd.id());

    assertTrue(store.remove(amd.id()));

    assertFalse(store.remove(amd.id()));
    assertEquals(Optional.of(arm), store.get(debian));
    assertEquals(Optional.empty(), store.name(Reference.parse("only")));
    assertTrue(store.untag(debian));
    assertFalse(store.untag(debian));
    assertEquals(Optional.of(arm), store.get(arm.id()));
  }

  @Test
  void find_byPrefix_isUniqueOrAnError() throws Exception {
    List<Digest> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(added("image" + i, "linux/amd64").id());
    }

    for (Digest id : ids) {
      assertEquals(Optional.of(id), store.find(id.hex()));
      assertEquals(Optional.of(id), store.find(id.toString()));
      assertEquals(Optional.of(id), store.find(id.shortHex()));
    }
    assertEquals(Optional.empty(), store.find("0".repeat(64)));
    String twice =
        ids.stream()
            .map(id -> id.hex().substring(0, 1))
            .filter(c -> ids.stream().filter(id -> id.hex().startsWith(c)).count() > 1)
            .findFirst()
            .orElseThrow();
    AmbiguousIdException e = assertThrows(AmbiguousIdException.class, () -> store.find(twice));
    assertTrue(e.toString().contains("image ID \"" + twice + "\" is ambiguous: "), e.toString());
    assertThrows(MalformedException.class, () -> store.find("../x"));
    assertThrows(MalformedException.class, () -> store.find(""));
  }

  @Test
  void list_corruptRecord_isDroppedWithAWarning() throws Exception {
    ImageRecord image = added("a", "linux/amd64");
    ImageRecord other = added("b", "linux/amd64");
    store.tag(debian, image.id());
    Path file = root.images().resolve("ids/sha256").resolve(image.id().hex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 1;
    Files.write(file, bytes);

    assertEquals(List.of(new StoredImage(other, List.of())), store.list());
    assertEquals(1, warnings.size());
    assertEquals(Optional.empty(), store.get(debian));
    store.put(image);
    assertEquals(Optional.of(image), store.get(debian));
  }

  @Test
  void addTag_byManyAtOnce_losesNone() throws Exception {
    List<String> machines = List.of("amd64", "arm64", "s390x", "ppc64le", "riscv64", "386");
    StoreRoot shared = StoreRoot.open(real.resolve("s"));
    ExecutorService threads = Executors.newFixedThreadPool(machines.size());
    try {
      List<Future<?>> all =
          IntStream.range(0, machines.size())
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            ImageStore own = new ImageStore(shared, warnings::add);
                            ImageRecord image = image(machines.get(i), machines.get(i));
                            own.put(image);
                            own.addTag(debian, image.id(), Optional.of(source));
                            return image;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    ImageStore own = new ImageStore(shared, warnings::add);
    assertEquals(machines.size(), own.imagesOf(debian).size());
    assertEquals(1, own.names().size());
  }
}
