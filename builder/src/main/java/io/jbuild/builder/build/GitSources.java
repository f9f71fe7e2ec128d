package io.jbuild.builder.build;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.git.GitReference;
import io.jbuild.builder.git.GitRepositories;
import io.jbuild.builder.git.GitRevision;
import io.jbuild.builder.git.GitTree;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.step.CopyFailure;
import io.jbuild.builder.step.Workshop;
import io.jbuild.linux.Closing;
import io.jbuild.linux.KernelDir;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * ADD of a repository. Its commit is looked up when the step is prepared, since that is what the
 * step is known by; its files are fetched only when the step is taken.
 */
final class GitSources {
  private final GitRepositories repositories;

  /** A branch may move while the build runs: for one build it is where it was first seen. */
  private final Map<String, GitRevision> seen = new ConcurrentHashMap<>();

  GitSources(Workshop workshop) {
    this.repositories = workshop.git();
  }

  /** Empty where a source is no repository. */
  Optional<CopyInput> input(String source, Add add)
      throws IOException, BuildfileException, InterruptedException {
    try {
      Optional<GitReference> written = GitReference.parse(source);
      if (written.isEmpty()) {
        return Optional.empty();
      }
      GitReference reference = with(written.get(), add);
      GitRevision revision = revision(reference);
      return Optional.of(
          new CopyInput.Promised(
              reference.identity(revision), open -> tree(reference, revision, open)));
    } catch (UserException e) {
      throw CopyFailure.at(add.origin(), e);
    }
  }

  private static GitReference with(GitReference written, Add add) throws UserException {
    GitReference reference = written;
    if (add.checksum().isPresent()) {
      reference = reference.withChecksum(add.checksum().get());
    }
    if (add.keepGitDir().isPresent()) {
      reference = reference.withKeepGitDir(add.keepGitDir().get());
    }
    return reference;
  }

  private GitRevision revision(GitReference reference)
      throws IOException, UserException, InterruptedException {
    if (reference.isPinned()) {
      return repositories.resolve(reference);
    }
    String key = reference.remote().url() + "#" + reference.ref().orElse("");
    GitRevision known = seen.get(key);
    if (known == null) {
      GitRevision found = repositories.resolve(reference);
      GitRevision first = seen.putIfAbsent(key, found);
      known = first == null ? found : first;
    }
    reference.check(known);
    return known;
  }

  private SourceTree tree(GitReference reference, GitRevision revision, Closing open)
      throws IOException, UserException, InterruptedException {
    GitTree files = open.add(repositories.checkOut(reference, revision));
    KernelDir directory = open.add(KernelDir.open(files.path()));
    return open.add(
        SourceTree.directory(
            "the repository " + reference, directory, IgnoreRules.NONE, StatIndex.inMemory()));
  }
}
