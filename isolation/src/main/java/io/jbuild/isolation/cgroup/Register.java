package io.jbuild.isolation.cgroup;

import io.jbuild.linux.LockFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What an owner has made outside of its own memory: one path per line, in a file that the owner
 * holds a lock on for as long as it lives.
 */
final class Register implements Closeable {
  /** Does something about each path that a dead owner has left. */
  interface Heir {
    void remove(String owner, List<Path> left) throws IOException;
  }

  private final LockFile lock;

  private Register(LockFile lock) {
    this.lock = lock;
  }

  static Register open(Path directory, String owner) throws IOException {
    Path file = directory.resolve(owner);
    return new Register(LockFile.lock(file, LockFile.Mode.EXCLUSIVE));
  }

  /** Writes paths down; to be called before they are made. */
  synchronized void add(List<Path> paths) throws IOException {
    StringBuilder lines = new StringBuilder();
    paths.forEach(path -> lines.append(path).append('\n'));
    Files.writeString(lock.path(), lines, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Has all that dead owners have left removed, and forgets them; returns how many there were. */
  static int sweep(Path directory, Heir heir) throws IOException {
    int dead = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Optional<LockFile> lock = LockFile.tryLock(file, LockFile.Mode.EXCLUSIVE);
        if (lock.isPresent()) {
          try (LockFile held = lock.get()) {
            heir.remove(file.getFileName().toString(), completeLines(held.path()));
            Files.deleteIfExists(file);
            dead++;
          }
        }
      }
    }
    return dead;
  }

  /** Without a last line that its writer did not finish: its group had not been made then. */
  private static List<Path> completeLines(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return whole.lines().distinct().map(Path::of).toList();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(lock.path());
    lock.close();
  }
}
