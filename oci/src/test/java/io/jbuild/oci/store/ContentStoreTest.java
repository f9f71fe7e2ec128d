package io.jbuild.oci.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentStoreTest {
  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final Digest HELLO_DIGEST = Digest.sha256(HELLO);

  private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
  @TempDir private Path real;

  private static ContentStore in(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("blobs"));
    Files.createDirectories(directory.resolve("ingest"));
    return new ContentStore(directory.resolve("blobs"), directory.resolve("ingest"));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535, 65536, 65537, 1_000_000})
  void put_thenOpen_givesTheContentBack(int size) throws Exception {
    for (Path directory : List.of(real, memory.getPath("/store"))) {
      ContentStore store = in(directory);
      byte[] content = random(size);

      Digest digest = store.put(content);

      assertEquals(Digest.sha256(content), digest);
      assertArrayEquals(content, store.read(digest, size));
      assertEquals(OptionalLong.of(size), store.size(digest));
      assertEquals(List.of(store.path(digest)), files(directory));
      assertEquals(directory.resolve("blobs/sha256").resolve(digest.hex()), store.path(digest));
    }
  }

  @ParameterizedTest
  @EnumSource(Digest.Algorithm.class)
  void commit_anyAlgorithm_publishesUnderIt(Digest.Algorithm algorithm) throws Exception {
    ContentStore store = in(real);

    try (BlobIngest ingest = store.begin(algorithm)) {
      ingest.write('h');
      ingest.write("ello".getBytes(UTF_8));
      assertEquals(5, ingest.size());
      assertEquals(Digest.of(algorithm, HELLO), ingest.commit());
    }

    assertEquals(List.of(Digest.of(algorithm, HELLO)), store.list());
    assertTrue(store.verify(Digest.of(algorithm, HELLO)));
  }

  @Test
  void put_again_keepsTheFileThatIsThere() throws Exception {
    ContentStore store = in(real);
    store.put(HELLO);
    Object key = Files.readAttributes(store.path(HELLO_DIGEST), "unix:ino").get("ino");

    store.put(HELLO);

    assertEquals(key, Files.readAttributes(store.path(HELLO_DIGEST), "unix:ino").get("ino"));
    assertEquals(1, files(real).size());
  }

  @Test
  void put_overACutBlob_replacesIt() throws Exception {
    ContentStore store = in(real);
    store.put(HELLO);
    Files.write(store.path(HELLO_DIGEST), "hel".getBytes(UTF_8));

    store.put(HELLO);

    assertTrue(store.verify(HELLO_DIGEST));
  }

  @Test
  void close_withoutCommit_leavesNothing() throws Exception {
    ContentStore store = in(real);
    BlobIngest ingest = store.begin(Digest.Algorithm.SHA256);
    ingest.write(random(100_000));

    ingest.close();
    ingest.close();

    assertEquals(List.of(), files(real));
    assertThrows(IllegalStateException.class, ingest::commit);
  }

  @Test
  void commit_ofAnotherContent_storesNothing() throws Exception {
    ContentStore store = in(real);
    Digest other = Digest.sha256(random(1));
    try (BlobIngest ingest = store.begin(Digest.Algorithm.SHA256)) {
      ingest.write(HELLO);

      BlobCorruptException e = assertThrows(BlobCorruptException.class, () -> ingest.commit(other));

      assertEquals("blob " + other + " is corrupt: its content is " + HELLO_DIGEST, e.getMessage());
    }
    assertEquals(List.of(), files(real));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, 6, Long.MAX_VALUE})
  void commit_ofAnotherSize_storesNothing(long size) throws Exception {
    ContentStore store = in(real);
    try (BlobIngest ingest = store.begin(Descriptor.of("a/b", HELLO_DIGEST, size))) {
      assertThrows(
          BlobCorruptException.class,
          () -> {
            ingest.write(HELLO);
            ingest.commit();
          });
    }
    assertEquals(List.of(), files(real));
  }

  @Test
  void write_afterTooMuch_isRefused_soIsACommit() throws Exception {
    ContentStore store = in(real);
    try (BlobIngest ingest = store.begin(Descriptor.of("a/b", HELLO_DIGEST, 5))) {
      ingest.write(HELLO);
      assertThrows(BlobCorruptException.class, () -> ingest.write('!'));
      assertThrows(IOException.class, ingest::commit);
    }
    assertEquals(List.of(), files(real));
  }

  @Test
  void open_missing_namesTheBlob() throws Exception {
    ContentStore store = in(real);

    BlobMissingException e =
        assertThrows(BlobMissingException.class, () -> store.open(HELLO_DIGEST));

    assertEquals(HELLO_DIGEST, e.digest());
    assertFalse(store.has(HELLO_DIGEST));
  }

  /** Every single bit of a small blob, and every shorter and one longer length. */
  @Test
  void open_rottenBlob_isFoundOutAtTheEnd() throws Exception {
    ContentStore store = in(memory.getPath("/store"));
    store.put(HELLO);
    for (int bit = 0; bit < HELLO.length * 8; bit++) {
      byte[] rotten = HELLO.clone();
      rotten[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(store.path(HELLO_DIGEST), rotten);
      assertThrows(BlobCorruptException.class, () -> store.read(HELLO_DIGEST, 10));
      assertFalse(store.verify(HELLO_DIGEST));
    }
    Files.write(store.path(HELLO_DIGEST), "hell".getBytes(UTF_8));
    assertThrows(BlobCorruptException.class, () -> store.read(HELLO_DIGEST, 10));
    assertThrows(
        BlobCorruptException.class, () -> store.open(Descriptor.of("a/b", HELLO_DIGEST, 5)));
  }

  @Test
  void open_skipping_stillVerifies() throws Exception {
    ContentStore store = in(real);
    byte[] content = random(300_000);
    Digest digest = store.put(content);

    try (InputStream in = store.open(digest)) {
      in.skipNBytes(299_999);
      assertEquals(content[299_999] & 0xff, in.read());
      assertEquals(-1, in.read());
      assertEquals(-1, in.read());
    }
  }

  @Test
  void read_largerThanTheLimit_isAnError() throws Exception {
    ContentStore store = in(real);
    store.put(HELLO);

    assertThrows(IOException.class, () -> store.read(HELLO_DIGEST, 4));
    assertThrows(IOException.class, () -> store.read(Descriptor.of("a/b", HELLO_DIGEST, 5), 4));
  }

  @Test
  void open_symbolicLink_isRefused() throws Exception {
    ContentStore store = in(real.resolve("s"));
    Path outside = Files.write(real.resolve("outside"), HELLO);
    store.put(HELLO);
    Files.delete(store.path(HELLO_DIGEST));
    Files.createSymbolicLink(store.path(HELLO_DIGEST), outside);

    assertThrows(IOException.class, () -> store.open(HELLO_DIGEST));
    assertThrows(IOException.class, () -> store.size(HELLO_DIGEST));
  }

  @Test
  void begin_whenTheStoreIsGone_doesNotMakeItAgain() throws Exception {
    ContentStore store = in(real.resolve("s"));
    Files.delete(real.resolve("s/ingest"));
    Files.delete(real.resolve("s/blobs"));

    assertThrows(NoSuchFileException.class, () -> store.put(HELLO));
    assertFalse(Files.exists(real.resolve("s/ingest")));
  }

  /** A disk of 1 MiB: each size fails somewhere else, and none leaves anything behind. */
  @Test
  void put_diskFull_leavesNothing_andTheStoreWorksOn() throws Exception {
    Configuration small =
        Configuration.unix().toBuilder().setMaxSize(1 << 20).setBlockSize(4096).build();
    ContentStore store = in(Jimfs.newFileSystem(small).getPath("/store"));
    Digest kept = store.put(HELLO);

    for (int size = 900_000; size < 1_300_000; size += 50_000) {
      byte[] content = random(size);
      try {
        store.put(content);
        store.remove(Digest.sha256(content));
      } catch (IOException e) {
        assertEquals(List.of(kept), store.list());
        assertEquals(List.of(store.path(kept)), files(store.path(kept).getRoot()));
      }
    }
    assertThrows(IOException.class, () -> store.put(random(2 << 20)));
    assertTrue(store.verify(store.put(random(500_000))));
  }

  @Test
  void put_sameBlobByManyThreadsAndStores_allSucceed() throws Exception {
    in(real);
    byte[] content = random(200_000);
    int writers = 8;
    CyclicBarrier start = new CyclicBarrier(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Digest>> results =
          IntStream.range(0, writers)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            ContentStore store = in(real);
                            start.await();
                            store.sweep();
                            return store.put(content);
                          }))
              .toList();
      for (Future<Digest> result : results) {
        assertEquals(Digest.sha256(content), result.get());
      }
    } finally {
      threads.shutdownNow();
    }
    ContentStore store = in(real);
    assertTrue(store.verify(Digest.sha256(content)));
    assertEquals(1, files(real).size());
  }

  @Test
  void sweep_takesWhatNobodyHolds() throws Exception {
    ContentStore store = in(real);
    Path orphan = Files.write(real.resolve("ingest/.tmp-dead"), HELLO);
    Path foreign = Files.createDirectory(real.resolve("ingest/layer"));
    try (BlobIngest alive = store.begin(Digest.Algorithm.SHA256)) {
      alive.write(HELLO);

      assertEquals(1, store.sweep());
      assertEquals(HELLO_DIGEST, alive.commit());
    }
    assertFalse(Files.exists(orphan));
    assertTrue(Files.exists(foreign));
    assertTrue(store.verify(HELLO_DIGEST));
  }

  @Test
  void list_ignoresOtherFiles() throws Exception {
    ContentStore store = in(real);
    store.put(HELLO);
    Files.write(real.resolve("blobs/sha256/README"), HELLO);
    Files.write(
        real.resolve("blobs/sha256/" + HELLO_DIGEST.hex().toUpperCase(java.util.Locale.ROOT)),
        HELLO);

    assertEquals(List.of(HELLO_DIGEST), store.list());
  }
}
