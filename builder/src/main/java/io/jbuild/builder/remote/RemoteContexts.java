package io.jbuild.builder.remote;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference;
import io.jbuild.builder.git.GitRepositories;
import io.jbuild.builder.git.GitTree;
import io.jbuild.builder.image.ArchiveDirectory;
import io.jbuild.builder.store.Stores;
import io.jbuild.builder.web.WebFile;
import io.jbuild.builder.web.WebFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Fetches what contexts name. The calling thread waits; the build's cancellation ends that. */
public final class RemoteContexts {
  private final Stores stores;
  private final WebFiles web;
  private final GitRepositories git;

  public RemoteContexts(Stores stores, WebFiles web, GitRepositories git) {
    this.stores = stores;
    this.web = web;
    this.git = git;
  }

  /** Refuses a repository that is written wrong, before anything is fetched. */
  public static void check(ContextSource source) throws UserException {
    if (source instanceof ContextSource.Git repository) {
      GitReference unused = reference(repository);
    }
  }

  /** A named context. The caller closes what is returned. */
  public RemoteDirectory fetch(ContextSource.Remote source)
      throws IOException, UserException, InterruptedException {
    return fetch(source, false);
  }

  /**
   * The same for the build context.
   *
   * @param keepGitDir whether {@code .git} of a repository is wanted, too
   */
  public RemoteDirectory fetch(ContextSource.Remote source, boolean keepGitDir)
      throws IOException, UserException, InterruptedException {
    if (source instanceof ContextSource.Http http) {
      return unpacked(web.fetch(http));
    }
    GitReference reference = reference((ContextSource.Git) source);
    GitTree tree = git.fetch(keepGitDir ? reference.withKeepGitDir(true) : reference);
    return new RemoteDirectory(tree, tree.path(), false, Optional.of(tree.committed()));
  }

  private static GitReference reference(ContextSource.Git repository) throws UserException {
    return GitReference.parseContext(repository.address())
        .orElseThrow(() -> new UserException("no git repository: " + repository));
  }

  private RemoteDirectory unpacked(WebFile file) throws IOException {
    try (InputStream blob = stores.blobs().open(file.content());
        BufferedInputStream content = new BufferedInputStream(blob)) {
      Optional<ArchiveDirectory> archive = ArchiveDirectory.unpack(stores, content);
      if (archive.isPresent()) {
        return new RemoteDirectory(archive.get(), archive.get().path(), false, file.modified());
      }
      ArchiveDirectory single =
          ArchiveDirectory.ofFile(stores, content, RemoteDirectory.SINGLE, file.modified());
      return new RemoteDirectory(single, single.path(), true, file.modified());
    }
  }
}
