package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference.Mtime;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Archives;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the files of a commit, which git gives as an archive. */
final class Checkout {
  private static final Archives.Owner ROOT = new Archives.Owner(0, 0);

  private final GitProgram program;
  private final Path area;
  private final GitAccess access;
  private final GitReference reference;

  Checkout(GitProgram program, Path area, GitAccess access, GitReference reference) {
    this.program = program;
    this.area = area;
    this.access = access;
    this.reference = reference;
  }

  void into(LayerIngest place, BareRepository repository, GitRevision revision, String commit)
      throws IOException, UserException, InterruptedException {
    try (KernelDir root = KernelDir.open(place.fs())) {
      unpack(repository, commit, root, TreePath.ROOT);
      if (reference.mtime() == Mtime.COMMIT) {
        root.setTimes(Timestamp.ofSeconds(repository.committed(commit).getEpochSecond()));
      }
    }
  }

  private void unpack(BareRepository repository, String commit, KernelDir root, TreePath directory)
      throws IOException, UserException, InterruptedException {
    // An archive of a tree without its commit has the time of now.
    String what = reference.mtime() == Mtime.COMMIT ? commit : commit + "^{tree}";
    repository.run("archive", "--format=tar", "--", what).stream(
        tar -> {
          long unused =
              Archives.unpack(
                  tar,
                  root,
                  directory,
                  Optional.of(ROOT),
                  LowerView.NOTHING,
                  ApplyLimits.DEFAULT,
                  warning -> {});
        });
  }
}
