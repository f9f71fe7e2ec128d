package io.jbuild.oci.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written, locked by its writer. The kernel lets go of the lock when the
 * writer dies, so a file whose lock is free belongs to nobody and may be swept.
 */
final class TemporaryFile implements Closeable {
  /**
   * Those of this JVM. A record lock belongs to a process, and any close of the file gives it up:
   * our own files must not even be opened by a sweep.
   */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private TemporaryFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static TemporaryFile create(Path directory) throws IOException {
    while (true) {
      TemporaryFile file = tryCreate(directory.resolve(AtomicFiles.temporaryName()));
      if (file != null) {
        return file;
      }
    }
  }

  /** Null if a sweep took the file between its creation and its lock. */
  private static @Nullable TemporaryFile tryCreate(Path path) throws IOException {
    OWN.add(key(path));
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW,
              LinkOption.NOFOLLOW_LINKS);
      FileLock lock = channel.tryLock();
      if (lock != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return new TemporaryFile(path, channel);
      }
      channel.close();
      OWN.remove(key(path));
      return null;
    } catch (IOException | RuntimeException e) {
      OWN.remove(key(path));
      if (channel != null) {
        channel.close();
        AtomicFiles.deleteAfter(e, path);
      }
      throw e;
    }
  }

  /** Deletes the files whose writers are gone; how many. */
  static int sweep(Path directory) throws IOException {
    int deleted = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, AtomicFiles.TEMPORARY + "*")) {
      for (Path file : files) {
        if (!OWN.contains(key(file))
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && deleteIfFree(file)) {
          deleted++;
        }
      }
    }
    return deleted;
  }

  private static boolean deleteIfFree(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      FileLock lock = channel.tryLock();
      // Deleted while locked: a writer that comes late sees that its file is gone.
      return lock != null && Files.deleteIfExists(file);
    } catch (NoSuchFileException | OverlappingFileLockException e) {
      return false;
    }
  }

  private static String key(Path path) {
    return path.getFileName().toString();
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  /** Closes the file and deletes it where it was not renamed away. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(path);
    } finally {
      OWN.remove(key(path));
    }
  }
}
