package io.jbuild.builder.engine;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.ArchiveDirectory;
import io.jbuild.builder.store.Stores;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** A context that came as an archive, as a directory of the store until the build is over. */
final class ArchiveContext implements Closeable {
  private static final int MAX_BUILDFILE = 16 << 20;

  private final BuildRequest request;
  private final Optional<ArchiveDirectory> directory;

  private ArchiveContext(BuildRequest request, Optional<ArchiveDirectory> directory) {
    this.request = request;
    this.directory = directory;
  }

  static ArchiveContext of(BuildRequest request, Stores stores) throws IOException, UserException {
    if (!(request.context() instanceof BuildContext.Archive archive)) {
      return new ArchiveContext(request, Optional.empty());
    }
    BufferedInputStream in = new BufferedInputStream(archive.content());
    Optional<ArchiveDirectory> directory = ArchiveDirectory.unpack(stores, in);
    if (directory.isPresent()) {
      BuildContext unpacked = new BuildContext.Directory(directory.get().path());
      return new ArchiveContext(request.withInputs(unpacked, request.buildfile()), directory);
    }
    if (!archive.orBuildfile()) {
      throw new UserException(
          "\"" + archive.name() + "\" is neither a directory nor a tar archive");
    }
    byte[] text = in.readNBytes(MAX_BUILDFILE + 1);
    if (text.length > MAX_BUILDFILE) {
      throw new UserException(
          "\"" + archive.name() + "\" is no tar archive, and too large for a Buildfile");
    }
    return new ArchiveContext(
        request.withInputs(new BuildContext.None(), new BuildfileInput.Text(archive.name(), text)),
        directory);
  }

  /** The request, with a directory or nothing in the archive's place. */
  BuildRequest request() {
    return request;
  }

  @Override
  public void close() throws IOException {
    if (directory.isPresent()) {
      directory.get().close();
    }
  }
}
