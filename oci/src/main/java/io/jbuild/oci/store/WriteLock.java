package io.jbuild.oci.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer at a time, among the threads of this JVM and all processes. Held for the few
 * milliseconds of a read and a rename; the kernel frees it when the holder dies.
 */
final class WriteLock {
  /** Record locks belong to the whole process: its threads take turns here first. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final Path file;

  WriteLock(Path file) {
    this.file = file.toAbsolutePath();
  }

  void run(Action action) throws IOException {
    ReentrantLock threads = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
    threads.lock();
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock on " + file + " was lost");
      }
      action.run();
    } finally {
      threads.unlock();
    }
  }

  /** What is done under the lock. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }
}
