package io.jbuild.oci.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreRootTest {
  @TempDir private Path temp;

  private Path root() {
    return temp.resolve("deep/store");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void open_newStore_isPrivateAndVersioned() throws Exception {
    StoreRoot store = StoreRoot.open(root());

    assertEquals("rwx------", permissions(store.path()));
    assertEquals("1\n", Files.readString(store.path().resolve("version")));
    assertTrue(Files.isDirectory(store.blobs()));
    assertTrue(Files.isDirectory(store.cacheMounts()));
    assertEquals(store.path(), StoreRoot.open(root()).path());
  }

  @Test
  void open_storeThatOthersMayRead_isClosed() throws Exception {
    StoreRoot.open(root());
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwxr-xr-x"));

    StoreRoot.open(root());

    assertEquals("rwx------", permissions(root()));
  }

  @Test
  void open_newerVersion_isOneClearLine() throws Exception {
    StoreRoot.open(root());
    Files.writeString(root().resolve("version"), "2\n");

    IOException e = assertThrows(IOException.class, () -> StoreRoot.open(root()));

    assertEquals(
        "the store "
            + root()
            + " has version 2, this jbuild knows version 1: use a newer jbuild or another store",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.0", "99999999999999999999"})
  void open_versionThatIsNone_isRefused(String version) throws Exception {
    StoreRoot.open(root());
    Files.writeString(root().resolve("version"), version);

    assertThrows(IOException.class, () -> StoreRoot.open(root()));
  }

  @Test
  void open_halfAStore_isNotMadeWhole() throws Exception {
    StoreRoot store = StoreRoot.open(root());
    Files.delete(store.layers());

    IOException e = assertThrows(IOException.class, () -> StoreRoot.open(root()));

    assertTrue(e.toString().contains("\"layers\" is missing"), e.toString());
    assertFalse(Files.exists(store.layers()));
  }

  @Test
  void open_freshFileSystem_isMadeAStore() throws Exception {
    Files.createDirectories(root().resolve("lost+found"));
    StoreRoot.open(root());
    assertTrue(Files.exists(root().resolve("version")));
  }

  @Test
  void open_foreignDirectory_isLeftAlone() throws Exception {
    Files.createDirectories(root());
    Files.writeString(root().resolve("thesis.txt"), "x");
    var open = PosixFilePermissions.fromString("rwxr-xr-x");
    Files.setPosixFilePermissions(root(), open);

    IOException e = assertThrows(IOException.class, () -> StoreRoot.open(root()));

    assertTrue(e.toString().contains("thesis.txt"), e.toString());
    assertFalse(Files.exists(root().resolve("blobs")));
    assertEquals(open, Files.getPosixFilePermissions(root()));
  }

  @Test
  void open_afterACrashWhileItWasMade_finishes() throws Exception {
    Files.createDirectories(root().resolve("blobs"));
    Files.writeString(root().resolve(".tmp-1"), "1");

    StoreRoot.open(root());

    assertTrue(Files.exists(root().resolve("version")));
  }

  @Test
  void open_versionLost_isRefused() throws Exception {
    StoreRoot store = StoreRoot.open(root());
    new ContentStore(store).put(new byte[] {1});
    Files.delete(root().resolve("version"));

    assertThrows(IOException.class, () -> StoreRoot.open(root()));
  }

  @Test
  void open_byManyAtOnce_allHaveOneStore() throws Exception {
    int openers = 8;
    CyclicBarrier start = new CyclicBarrier(openers);
    ExecutorService threads = Executors.newFixedThreadPool(openers);
    try {
      List<Future<?>> all =
          IntStream.range(0, openers)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            start.await();
                            ContentStore store = new ContentStore(StoreRoot.open(root()));
                            return store.put(new byte[] {(byte) i});
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(openers, new ContentStore(StoreRoot.open(root())).list().size());
  }
}
