package io.jbuild.builder.image;

import io.jbuild.builder.UserException;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Archives;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An archive's files in a directory of the store, discarded when it is closed. */
final class ArchiveDirectory implements Closeable {
  private final LayerIngest place;

  private ArchiveDirectory(LayerIngest place) {
    this.place = place;
  }

  static ArchiveDirectory unpack(Stores stores, Path archive) throws IOException, UserException {
    LayerIngest place = stores.layers().begin();
    try (InputStream in = Files.newInputStream(archive);
        InputStream tar =
            Archives.open(in, ApplyLimits.DEFAULT)
                .orElseThrow(() -> new UserException("\"" + archive + "\" is no tar archive"));
        KernelDir root = KernelDir.open(place.fs())) {
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
    } catch (IOException | UserException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  Path path() {
    return place.fs();
  }

  @Override
  public void close() throws IOException {
    place.close();
  }
}
