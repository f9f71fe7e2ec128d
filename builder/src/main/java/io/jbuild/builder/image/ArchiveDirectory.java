package io.jbuild.builder.image;

import io.jbuild.builder.UserException;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Archives;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.TreePath;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;

/** An archive's files in a directory of the store, discarded when it is closed. */
public final class ArchiveDirectory implements Closeable {
  /** More than what is looked at to tell an archive. */
  private static final int HEAD = 64 << 10;

  private final LayerIngest place;

  private ArchiveDirectory(LayerIngest place) {
    this.place = place;
  }

  static ArchiveDirectory unpack(Stores stores, Path archive) throws IOException, UserException {
    try (InputStream in = Files.newInputStream(archive);
        InputStream tar =
            Archives.open(in, ApplyLimits.DEFAULT)
                .orElseThrow(() -> new UserException("\"" + archive + "\" is no tar archive"))) {
      return unpackTar(stores, tar);
    }
  }

  /** Empty when the stream is no archive; of it no more than its head has been read then. */
  public static Optional<ArchiveDirectory> unpack(Stores stores, BufferedInputStream in)
      throws IOException {
    in.mark(HEAD);
    Optional<InputStream> tar = Archives.open(in, ApplyLimits.DEFAULT);
    if (tar.isEmpty()) {
      in.reset();
      return Optional.empty();
    }
    return Optional.of(unpackTar(stores, tar.get()));
  }

  /** A directory with a single file, which only root may read. */
  public static ArchiveDirectory ofFile(
      Stores stores, InputStream content, String name, Optional<Instant> modified)
      throws IOException {
    LayerIngest place = stores.layers().begin();
    try {
      Path file = place.fs().resolve(name);
      long unused = Files.copy(content, file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.setLastModifiedTime(file, FileTime.from(modified.orElse(Instant.EPOCH)));
      return new ArchiveDirectory(place);
    } catch (IOException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  private static ArchiveDirectory unpackTar(Stores stores, InputStream tar) throws IOException {
    LayerIngest place = stores.layers().begin();
    try (Dir root = OwnedTree.open(place.fs())) {
      long unused =
          Archives.unpack(
              tar,
              root,
              TreePath.ROOT,
              Optional.of(new Archives.Owner(0, 0)),
              LowerView.NOTHING,
              ApplyLimits.DEFAULT,
              warning -> {});
      return new ArchiveDirectory(place);
    } catch (IOException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  public Path path() {
    return place.fs();
  }

  @Override
  public void close() throws IOException {
    place.close();
  }
}
