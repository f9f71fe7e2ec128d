package io.jbuild.builder.engine;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.ArchiveDirectory;
import io.jbuild.builder.remote.RemoteContexts;
import io.jbuild.builder.remote.RemoteDirectory;
import io.jbuild.builder.store.Stores;
import io.jbuild.builder.web.WebFile;
import io.jbuild.builder.web.WebFiles;
import io.jbuild.linux.Closing;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a build reads: whatever the context and the Buildfile were, they are a directory, or
 * nothing, and a file or text here, until this is closed.
 */
final class Inputs implements Closeable {
  private static final int MAX_BUILDFILE = 16 << 20;
  private static final Set<String> TRUE = Set.of("1", "t", "true");

  private final Stores stores;
  private final Closing open = new Closing();
  private BuildRequest request;
  private Optional<RemoteDirectory> remote = Optional.empty();

  private Inputs(BuildRequest request, Stores stores) {
    this.request = request;
    this.stores = stores;
  }

  /** Whether something has to be fetched, which can take its time. */
  static boolean areRemote(BuildRequest request) {
    return request.context() instanceof BuildContext.Remote
        || request.buildfile() instanceof BuildfileInput.Fetched;
  }

  static Inputs of(BuildRequest request, Stores stores, WebFiles web, RemoteContexts remotes)
      throws IOException, UserException, InterruptedException {
    Inputs inputs = new Inputs(request, stores);
    try {
      inputs.read(web, remotes);
      return inputs;
    } catch (IOException | UserException | InterruptedException | RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  private void read(WebFiles web, RemoteContexts remotes)
      throws IOException, UserException, InterruptedException {
    if (request.buildfile() instanceof BuildfileInput.Fetched fetched) {
      request = request.withInputs(request.context(), text(web, fetched.source()));
    }
    if (request.context() instanceof BuildContext.Archive archive) {
      unpack(archive);
    } else if (request.context() instanceof BuildContext.Remote context) {
      fetch(context.source(), remotes);
    }
  }

  private BuildfileInput text(WebFiles web, ContextSource.Http source)
      throws IOException, UserException {
    WebFile file = web.fetch(source, MAX_BUILDFILE);
    return new BuildfileInput.Text(
        source.toString(), stores.blobs().read(file.content(), MAX_BUILDFILE));
  }

  private void unpack(BuildContext.Archive archive) throws IOException, UserException {
    BufferedInputStream in = new BufferedInputStream(archive.content());
    Optional<ArchiveDirectory> directory = ArchiveDirectory.unpack(stores, in);
    if (directory.isPresent()) {
      open.add(directory.get());
      setContext(directory.get().path());
    } else if (archive.orBuildfile()) {
      setBuildfile(archive.name(), in);
    } else {
      throw new UserException(
          "\"" + archive.name() + "\" is neither a directory nor a tar archive");
    }
  }

  private void fetch(ContextSource.Remote source, RemoteContexts remotes)
      throws IOException, UserException, InterruptedException {
    String keep = request.buildArgs().getOrDefault("BUILDKIT_CONTEXT_KEEP_GIT_DIR", "");
    RemoteDirectory directory =
        remotes.fetch(source, TRUE.contains(keep.toLowerCase(java.util.Locale.ROOT)));
    open.add(directory);
    remote = Optional.of(directory);
    setContext(directory.path());
    if (directory.isSingleFile() && request.buildfile() instanceof BuildfileInput.Default) {
      Path file = directory.path().resolve(RemoteDirectory.SINGLE);
      try (InputStream in = Files.newInputStream(file)) {
        setBuildfile(source.toString(), in);
      }
    }
  }

  private void setContext(Path directory) {
    request = request.withInputs(new BuildContext.Directory(directory), request.buildfile());
  }

  private void setBuildfile(String name, InputStream in) throws IOException, UserException {
    byte[] text = in.readNBytes(MAX_BUILDFILE + 1);
    if (text.length > MAX_BUILDFILE) {
      throw new UserException("\"" + name + "\" is no tar archive, and too large for a Buildfile");
    }
    if (new String(text, StandardCharsets.ISO_8859_1).indexOf('\0') >= 0) {
      throw new UserException("\"" + name + "\" is neither a whole tar archive nor a Buildfile");
    }
    request = request.withInputs(new BuildContext.None(), new BuildfileInput.Text(name, text));
  }

  /** The request, with what is there in the place of what is elsewhere. */
  BuildRequest request() {
    return request;
  }

  /** When the files of a fetched context were made, if anybody says so. */
  Optional<Instant> time() throws IOException {
    return remote.isPresent() ? remote.get().time() : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
