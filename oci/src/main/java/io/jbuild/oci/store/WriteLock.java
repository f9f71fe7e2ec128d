package io.jbuild.oci.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
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
    try {
      boolean done = false;
      while (!done) {
        done = tryRun(action);
      }
    } finally {
      threads.unlock();
    }
  }

  /** False if the file was deleted while we waited: what we locked then excludes nobody. */
  private boolean tryRun(Action action) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lockIfStillThere(channel)) {
      if (!lock.isValid()) {
        return false;
      }
      action.run();
      return true;
    }
  }

  private FileLock lockIfStillThere(FileChannel channel) throws IOException {
    Optional<Object> before = fileKey();
    FileLock lock = channel.lock();
    if (!before.equals(fileKey())) {
      lock.release();
    }
    return lock;
  }

  private Optional<Object> fileKey() throws IOException {
    try {
      return Optional.ofNullable(
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What is done under the lock. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }
}
