package io.jbuild.oci.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteLockTest {
  private static final int ROUNDS = 200;
  @TempDir private Path temp;
  private int counter;

  @Test
  void run_byManyThreads_isOneAtATime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all =
          IntStream.range(0, ROUNDS)
              .<Future<?>>mapToObj(i -> threads.submit(() -> count(i)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(ROUNDS, counter);
  }

  /** Each through a lock of its own; some delete the file, which excludes nobody from then on. */
  private Void count(int round) throws IOException {
    Path file = temp.resolve("lock");
    new WriteLock(file)
        .run(
            () -> {
              int seen = counter;
              if (round % 10 == 0) {
                Files.delete(file);
              }
              counter = seen + 1;
            });
    return null;
  }

  @Test
  void run_failing_frees() throws Exception {
    WriteLock lock = new WriteLock(temp.resolve("lock"));

    assertThrows(
        IOException.class,
        () ->
            lock.run(
                () -> {
                  throw new IOException("no");
                }));

    lock.run(() -> counter++);
    assertEquals(1, counter);
  }

  @Test
  void run_whenTheStoreIsGone_isAnError() {
    WriteLock lock = new WriteLock(temp.resolve("gone/lock"));

    assertThrows(NoSuchFileException.class, () -> lock.run(() -> counter++));
  }
}
