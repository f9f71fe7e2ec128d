package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.LockFile.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockFileTest {
  @TempDir private Path dir;
  private Path path;

  @BeforeEach
  void nameLock() {
    path = dir.resolve("lock");
  }

  @Test
  void tryLock_modes_excludeEachOther() throws IOException {
    try (LockFile one = LockFile.lock(path, Mode.SHARED);
        LockFile two = LockFile.tryLock(path, Mode.SHARED).orElseThrow()) {
      assertEquals(one.path(), two.path());
      assertEquals(Optional.empty(), LockFile.tryLock(path, Mode.EXCLUSIVE));
    }
    try (LockFile exclusive = LockFile.tryLock(path, Mode.EXCLUSIVE).orElseThrow()) {
      assertEquals(path, exclusive.path());
      assertEquals(Optional.empty(), LockFile.tryLock(path, Mode.SHARED));
    }
    LockFile again = LockFile.lock(path, Mode.EXCLUSIVE);
    again.close();
    again.close();
  }

  @Test
  void lock_heldByAnotherProcess_isFreeWhenThatIsKilled() throws Exception {
    Process other =
        new ProcessBuilder(
                "flock", "-x", path.toString(), "sh", "-c", "echo locked; exec sleep 600 <&-")
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new java.io.InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("locked", out.readLine());
      assertEquals(Optional.empty(), LockFile.tryLock(path, Mode.SHARED));
      CompletableFuture<LockFile> waiting =
          CompletableFuture.supplyAsync(() -> lockUnchecked(path));
      assertFalse(waiting.isDone());
      other.descendants().forEach(ProcessHandle::destroyForcibly);
      int unused = other.destroyForcibly().waitFor();
      waiting.get().close();
    }
  }

  private static LockFile lockUnchecked(Path path) {
    try {
      return LockFile.lock(path, Mode.EXCLUSIVE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void lock_holderDeletesTheFile_nextOneLocksTheNewFile() throws Exception {
    LockFile first = LockFile.lock(path, Mode.EXCLUSIVE);
    CompletableFuture<LockFile> waiting = CompletableFuture.supplyAsync(() -> lockUnchecked(path));
    Files.delete(path);
    first.close();
    try (LockFile second = waiting.get()) {
      assertTrue(Files.exists(second.path()));
      assertEquals(Optional.empty(), LockFile.tryLock(path, Mode.EXCLUSIVE));
    }
  }

  @Test
  void lock_manyThreadsDeletingTheFile_isHeldByOneAtATime()
      throws ExecutionException, InterruptedException {
    int[] counter = new int[1];
    int[] inside = new int[1];
    List<CompletableFuture<Void>> all =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.runAsync(() -> deleteInLoop(counter, inside)))
            .toList();
    for (CompletableFuture<Void> each : all) {
      each.get();
    }
    assertEquals(4 * 300, counter[0]);
  }

  /** The counter is not synchronised but by the lock file. */
  private void deleteInLoop(int[] counter, int[] inside) {
    for (int i = 0; i < 300; i++) {
      try (LockFile lock = LockFile.lock(path, Mode.EXCLUSIVE)) {
        assertEquals(0, inside[0]++);
        counter[0]++;
        inside[0]--;
        Files.delete(lock.path()); // from here on somebody else may lock a new file
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Test
  void lock_symlink_isRefused() throws IOException {
    Files.createSymbolicLink(path, dir.resolve("elsewhere"));
    LinuxException e =
        assertThrows(LinuxException.class, () -> LockFile.tryLock(path, Mode.SHARED));
    assertEquals(Errno.ELOOP, e.errno());
    assertFalse(Files.exists(dir.resolve("elsewhere")));
  }

  @Test
  void directory_isLockedOnce() throws IOException {
    LockFile first = LockFile.tryLockDirectory(dir).orElseThrow();
    assertEquals(Optional.empty(), LockFile.tryLockDirectory(dir));
    first.close();
    LockFile.tryLockDirectory(dir).orElseThrow().close();
    assertThrows(LinuxException.class, () -> LockFile.tryLockDirectory(path));
  }
}
