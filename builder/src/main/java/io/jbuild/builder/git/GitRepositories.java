package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.LayerIngest;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches repositories into the store, where what was fetched stays: a commit that is there costs
 * no network when it is named by its whole id. Any number of threads and processes may do so.
 *
 * <p>The calling thread waits for git. It is not woken by an interrupt; the cancellation ends it,
 * with a {@link java.util.concurrent.CancellationException}.
 */
public final class GitRepositories {
  private static final String AREA = "git";

  private final Stores stores;
  private final GitAccess access;
  private final Map<String, String> environment;
  private final Cancellation cancellation;
  private @Nullable GitProgram program;

  public GitRepositories(Stores stores, GitAccess access, Cancellation cancellation) {
    this(stores, access, System.getenv(), cancellation);
  }

  /**
   * For another environment than that of this process.
   *
   * @param environment where PATH and the proxies are read
   */
  GitRepositories(
      Stores stores, GitAccess access, Map<String, String> environment, Cancellation cancellation) {
    this.stores = stores;
    this.access = access;
    this.environment = Map.copyOf(environment);
    this.cancellation = cancellation;
  }

  /** What the reference means now; who names a whole commit id asks nobody. */
  public GitRevision resolve(GitReference reference)
      throws IOException, UserException, InterruptedException {
    Optional<String> pinned = reference.commit();
    GitRevision revision;
    if (pinned.isPresent()) {
      revision = GitRevision.pinned(pinned.get());
    } else {
      try {
        revision =
            new RefLookup(program())
                .find(reference, access.authorization(reference.remote()), agent(reference));
      } catch (GitFailure e) {
        throw GitMessages.explain(reference.toString(), reference.remote(), access, e);
      }
    }
    reference.check(revision);
    return revision;
  }

  /** The files of a revision, fetched where they are not there yet. The caller closes them. */
  public GitTree checkOut(GitReference reference, GitRevision revision)
      throws IOException, UserException, InterruptedException {
    LayerIngest place = stores.layers().begin();
    try (KernelDir root = KernelDir.open(place.fs())) {
      Path area = stores.root().area(AREA);
      Checkout checkout =
          new Checkout(program(), area, access, reference, revision, root, place.fs());
      checkout.write();
      return new GitTree(place, subdir(place, reference), checkout.commit(), checkout.committed());
    } catch (IOException | UserException | InterruptedException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  /** Both at once. */
  public GitTree fetch(GitReference reference)
      throws IOException, UserException, InterruptedException {
    return checkOut(reference, resolve(reference));
  }

  private Optional<Path> agent(GitReference reference) {
    return reference.remote().isSsh() ? access.agent() : Optional.empty();
  }

  /** One for all runs: it looks for git only once. */
  private synchronized GitProgram program() throws IOException {
    GitProgram known = program;
    if (known == null) {
      known = new GitProgram(stores.root().area(AREA), environment, cancellation);
      program = known;
    }
    return known;
  }

  /** Links on the way are followed, but none leads out of the repository. */
  private static Path subdir(LayerIngest place, GitReference reference)
      throws IOException, UserException {
    if (reference.subdir().isRoot()) {
      return place.fs();
    }
    try (KernelDir root = KernelDir.open(place.fs());
        TreeView tree = TreeView.of(root)) {
      TreeView.Resolved found = tree.resolve(reference.subdir());
      TreePath path = found.path();
      if (found.stat().filter(FileStat::isDirectory).isEmpty()) {
        throw new UserException(
            "cannot fetch " + reference + ": the repository has no such directory");
      }
      return place.fs().resolve(new String(path.relativeBytes(), StandardCharsets.UTF_8));
    }
  }
}
