package io.jbuild.builder.remote;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that were fetched, in a directory that is discarded when this is closed. */
public final class RemoteDirectory implements Closeable {
  /** What a file that is no archive is called, as BuildKit has it. */
  public static final String SINGLE = "context";

  private final Closeable place;
  private final Path path;
  private final boolean single;
  private final Optional<Instant> time;

  /**
   * @param time that the server says: of the commit, or of the file
   */
  RemoteDirectory(Closeable place, Path path, boolean single, Optional<Instant> time) {
    this.place = place;
    this.path = path;
    this.single = single;
    this.time = time;
  }

  public Path path() {
    return path;
  }

  /** Whether nothing is there but one file, {@value #SINGLE}. */
  public boolean isSingleFile() {
    return single;
  }

  /** When the files were made: the server's word, else that of the newest file of an archive. */
  public Optional<Instant> time() throws IOException {
    return time.isPresent() || single ? time : newest();
  }

  private Optional<Instant> newest() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      Optional<Path> newest =
          all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
      return newest.isEmpty()
          ? Optional.empty()
          : Optional.of(Files.getLastModifiedTime(newest.get()).toInstant());
    }
  }

  @Override
  public void close() throws IOException {
    place.close();
  }
}
