package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference.Mtime;
import io.jbuild.builder.git.Submodules.Submodule;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Archives;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Writes the files of a commit and of its submodules, which git gives as archives. One repository
 * is locked at a time: two may name each other.
 */
final class Checkout {
  private static final Archives.Owner ROOT = new Archives.Owner(0, 0);
  private static final int MOST_NESTED = 10;

  /** Submodules of submodules multiply: a small repository could name millions. */
  private static final int MOST_SUBMODULES = 1000;

  /**
   * A commit that is written.
   *
   * @param at where in the tree
   * @param depth how many repositories are around it
   */
  private record Part(
      GitRemote remote, String object, Optional<String> refName, TreePath at, int depth) {}

  private final GitProgram program;
  private final Path area;
  private final GitAccess access;
  private final GitReference reference;
  private final GitRevision revision;
  private final KernelDir root;
  private final Path directory;
  private final Deque<Part> left = new ArrayDeque<>();
  private int counted;
  private String commit = "";
  private Instant committed = Instant.EPOCH;

  /**
   * A checkout of a revision.
   *
   * @param area where the bare repositories are
   * @param root where the files go
   * @param directory the same
   */
  Checkout(
      GitProgram program,
      Path area,
      GitAccess access,
      GitReference reference,
      GitRevision revision,
      KernelDir root,
      Path directory) {
    this.program = program;
    this.area = area;
    this.access = access;
    this.reference = reference;
    this.revision = revision;
    this.root = root;
    this.directory = directory;
  }

  void write() throws IOException, UserException, InterruptedException {
    left.push(
        new Part(reference.remote(), revision.object(), revision.refName(), TreePath.ROOT, 0));
    while (!left.isEmpty()) {
      write(left.pop());
    }
  }

  /** Of the repository itself, when it was written. */
  String commit() {
    return commit;
  }

  Instant committed() {
    return committed;
  }

  private void write(Part part) throws IOException, UserException, InterruptedException {
    try (BareRepository repository =
        BareRepository.open(program, area, part.remote(), part.object())) {
      repository.fetch(
          part.object(),
          part.refName(),
          authorization(part),
          part.remote().isSsh() ? access.agent() : Optional.empty());
      write(part, repository);
    } catch (GitFailure e) {
      String what =
          part.depth() == 0
              ? reference.toString()
              : "submodule \"" + part.at() + "\" of " + reference + " from " + part.remote();
      throw GitMessages.explain(what, part.remote(), access, e);
    }
  }

  private Optional<String> authorization(Part part) throws IOException, UserException {
    return part.depth() == 0
        ? access.authorization(part.remote())
        : access.authorization(part.remote(), reference.remote());
  }

  private void write(Part part, BareRepository repository)
      throws IOException, UserException, InterruptedException {
    String found = repository.commit(part.object());
    Instant time = repository.committed(found);
    unpack(repository, found, part);
    if (part.depth() == 0) {
      commit = found;
      committed = time;
      if (reference.keepsGitDir()) {
        new KeptGitDir(program, reference, revision, directory).make(repository, found, time);
      }
    }
    if (reference.mtime() == Mtime.COMMIT) {
      try (KernelDir top = root.resolve(part.at())) {
        top.setTimes(Timestamp.ofSeconds(time.getEpochSecond()));
      }
    }
    if (reference.withSubmodules()) {
      nest(part, new Submodules(repository, part.remote(), found).find());
    }
  }

  private void nest(Part part, List<Submodule> submodules) throws UserException {
    for (Submodule submodule : submodules) {
      TreePath at = part.at().resolve(submodule.path());
      if (!isMeant(at)) {
        continue;
      }
      if (part.depth() == MOST_NESTED) {
        throw new UserException(
            "submodule \""
                + at
                + "\" of "
                + reference
                + ": more than "
                + MOST_NESTED
                + " repositories are nested");
      }
      if (++counted > MOST_SUBMODULES) {
        throw new UserException(reference + " has more than " + MOST_SUBMODULES + " submodules");
      }
      left.push(
          new Part(submodule.remote(), submodule.commit(), Optional.empty(), at, part.depth() + 1));
    }
  }

  /** Whether a submodule is in the directory that is asked for, or has it inside. */
  private boolean isMeant(TreePath at) {
    return at.startsWith(reference.subdir()) || reference.subdir().startsWith(at);
  }

  private void unpack(BareRepository repository, String found, Part part)
      throws IOException, UserException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--format=tar"));
    // An archive of a tree without its commit has the time of now.
    arguments.add(reference.mtime() == Mtime.COMMIT ? found : found + "^{tree}");
    if (part.depth() == 0 && isPlainDirectory(repository, found)) {
      arguments.addAll(List.of("--", subdir()));
    }
    repository.run("archive", arguments.toArray(String[]::new)).stream(
        tar -> {
          long unused =
              Archives.unpack(
                  tar,
                  root,
                  part.at(),
                  Optional.of(ROOT),
                  LowerView.NOTHING,
                  ApplyLimits.DEFAULT,
                  warning -> {});
        });
  }

  private String subdir() {
    return new String(reference.subdir().relativeBytes(), StandardCharsets.UTF_8);
  }

  /** Whether the directory that is asked for is one, with no link on the way to it. */
  private boolean isPlainDirectory(BareRepository repository, String found)
      throws IOException, UserException, InterruptedException {
    String subdir = subdir();
    if (subdir.isEmpty() || !subdir.matches("[A-Za-z0-9_][A-Za-z0-9_./ -]*")) {
      return false;
    }
    try {
      return repository.run("cat-file", "-t", found + ":" + subdir).text().equals("tree\n");
    } catch (GitFailure e) {
      return false;
    }
  }
}
