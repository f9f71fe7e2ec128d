package io.jbuild.builder.context;

import io.jbuild.oci.store.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** One tree's index on disk. */
final class IndexFile {
  /** Entries that no build has asked for in so many saves are dropped. */
  static final int MAX_AGE = 20;

  private static final long MAX_SIZE = 1L << 30;

  private final Path directory;
  private final Path file;

  IndexFile(Path directory, String tree) {
    this.directory = directory;
    this.file =
        directory.resolve(
            ContentDigest.digest(tree.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32));
  }

  IndexTable read() throws IOException {
    try {
      return Files.size(file) > MAX_SIZE
          ? IndexTable.EMPTY
          : IndexTable.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return IndexTable.EMPTY;
    }
  }

  void write(byte[] table) throws IOException {
    Files.createDirectories(directory);
    AtomicFiles.publish(file, table);
  }
}
