package io.jbuild.builder.build;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.IgnoreFiles;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.remote.RemoteContexts;
import io.jbuild.builder.remote.RemoteDirectory;
import io.jbuild.builder.solve.Flights;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.step.Workshop;
import io.jbuild.builder.store.RootTree;
import io.jbuild.builder.store.Stores;
import io.jbuild.linux.Closing;
import io.jbuild.linux.KernelDir;
import io.jbuild.oci.ChainId;
import io.jbuild.oci.DiffId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The trees that one build copies from. Each is opened when it is first asked for, and closed with
 * the build; what was learned of its files is then kept for the next one.
 */
final class Trees implements Closeable {
  private final Stores stores;
  private final Tasks tasks;
  private final RemoteContexts remotes;
  private final BuildRequest request;
  private final Optional<Path> buildfile;
  private final Map<String, SourceTree> trees = new HashMap<>();
  private final List<StatIndex> indexes = new ArrayList<>();
  private final Flights<String, SourceTree> fetched = new Flights<>();
  private final Closing open = new Closing();

  /**
   * @param buildfile where it is, for its own ignore file; empty when it is no file
   */
  Trees(Workshop workshop, Optional<Path> buildfile) {
    this.stores = workshop.stores();
    this.tasks = workshop.tasks();
    this.remotes = new RemoteContexts(stores, workshop.web(), workshop.git());
    this.request = workshop.request();
    this.buildfile = buildfile;
  }

  /** The build context. */
  synchronized SourceTree context() throws IOException, UserException, BuildfileException {
    SourceTree known = trees.get("");
    if (known != null) {
      return known;
    }
    if (!(request.context() instanceof BuildContext.Directory directory)) {
      throw new UserException(
          "there is no build context to copy from", "give a directory to the build");
    }
    return keep(
        "",
        directory(
            "the build context", directory.path(), IgnoreFiles.find(directory.path(), buildfile)));
  }

  /** A directory, a repository, or what a web server has, that the caller named. */
  CompletableFuture<SourceTree> named(String name, ContextSource source) {
    if (source instanceof ContextSource.Directory directory) {
      return tasks.submit(() -> named(name, directory.path()));
    } else if (source instanceof ContextSource.Remote remote) {
      return fetched.join(name, () -> tasks.submit(() -> fetch(name, remote)));
    }
    throw new IllegalArgumentException("no files: " + source);
  }

  /** Others look at their trees meanwhile. */
  private SourceTree fetch(String name, ContextSource.Remote source)
      throws IOException, UserException, BuildfileException, InterruptedException {
    RemoteDirectory directory = remotes.fetch(source);
    synchronized (this) {
      open.add(directory);
    }
    return named(name, directory.path());
  }

  private synchronized SourceTree named(String name, Path directory)
      throws IOException, UserException, BuildfileException {
    String key = "context " + name;
    SourceTree known = trees.get(key);
    return known != null
        ? known
        : keep(
            key,
            directory(
                "context \"" + name + "\"",
                directory,
                IgnoreFiles.find(directory, Optional.empty())));
  }

  private SourceTree directory(String name, Path directory, IgnoreRules ignored)
      throws IOException, UserException {
    if (!Files.isDirectory(directory)) {
      throw Files.exists(directory)
          ? new UserException(
              name + ": \"" + directory + "\" is no directory",
              "unpack it, or serve it: an archive may come from http:// or https://")
          : new UserException(name + ": there is no directory \"" + directory + "\"");
    }
    Path real = directory.toRealPath();
    KernelDir dir = KernelDir.open(real);
    open.add(dir);
    // What was unpacked for this build will not be met again under its path.
    boolean passing = real.startsWith(stores.root().ingest().toRealPath());
    return SourceTree.directory(
        name, dir, ignored, passing ? StatIndex.inMemory() : index(real.toString()));
  }

  /** The root of a stage or an image. */
  synchronized SourceTree image(String name, List<DiffId> layers) throws IOException {
    String id = layers.isEmpty() ? "scratch" : ChainId.of(layers).toString();
    SourceTree known = trees.get("image " + id);
    if (known != null) {
      return known;
    }
    RootTree root = RootTree.open(stores, layers);
    open.add(root);
    return keep(
        "image " + id, SourceTree.image(name, root.view(), index(id), stores.directories(layers)));
  }

  /** The store's own blobs, by algorithm and digest: what was downloaded is there. */
  synchronized SourceTree blobs() throws IOException {
    SourceTree known = trees.get("blobs");
    if (known != null) {
      return known;
    }
    KernelDir dir = KernelDir.open(stores.root().blobs());
    open.add(dir);
    return keep(
        "blobs", SourceTree.directory("the store", dir, IgnoreRules.NONE, StatIndex.inMemory()));
  }

  private StatIndex index(String tree) throws IOException {
    StatIndex index = StatIndex.in(stores.root().area("stat-index"), tree);
    indexes.add(index);
    return index;
  }

  private SourceTree keep(String key, SourceTree tree) {
    trees.put(key, tree);
    open.add(tree);
    return tree;
  }

  @Override
  public synchronized void close() throws IOException {
    // Saved first, as they are closed in reverse order.
    indexes.forEach(index -> open.add(index::save));
    open.close();
  }
}
