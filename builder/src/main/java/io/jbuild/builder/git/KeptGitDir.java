package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference.Mtime;
import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory {@code .git} of files that were written without git: the one commit without its
 * history, HEAD at it and on no branch, the remote without a password.
 */
final class KeptGitDir {
  private static final String NAME = ".git";

  private final GitProgram program;
  private final GitReference reference;
  private final GitRevision revision;
  private final Path work;

  KeptGitDir(GitProgram program, GitReference reference, GitRevision revision, Path work) {
    this.program = program;
    this.reference = reference;
    this.revision = revision;
    this.work = work;
  }

  void make(BareRepository from, String commit, Instant time)
      throws IOException, UserException, InterruptedException {
    run("init", "--quiet", "--object-format=" + (commit.length() == 64 ? "sha256" : "sha1")).run();
    fetch(from);
    run("update-ref", "--no-deref", "HEAD", commit).run();
    // An index that knows no inodes and times: those of the image will be others.
    run("read-tree", commit).run();
    run("config", "remote.origin.url", reference.remote().url()).run();
    run("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*").run();
    try (KernelDir root = KernelDir.open(work)) {
      Name name = Name.of(NAME);
      root.setOwner(name, 0, 0);
      root.setPermissions(name, 0755);
      try (Dir git = root.open(name)) {
        settle(git, Timestamp.ofSeconds(time.getEpochSecond()));
      }
    }
  }

  private GitRun run(String command, String... arguments)
      throws IOException, UserException, InterruptedException {
    return program
        .run(command, arguments)
        .in(work.resolve(NAME))
        .withVariable("GIT_WORK_TREE", work.toString())
        .with("core.logAllRefUpdates", "false");
  }

  /** From our own repository, which is a directory: the one place where git may read one. */
  private void fetch(BareRepository from) throws IOException, UserException, InterruptedException {
    String kept = BareRepository.kept(revision.object());
    from.run("update-ref", kept, revision.object()).run();
    List<String> arguments =
        new ArrayList<>(
            List.of("--quiet", "--no-write-fetch-head", "--no-tags", "--depth=1", "--"));
    arguments.add(from.directory().toString());
    arguments.add(kept + revision.refName().map(name -> ":" + name).orElse(""));
    run("fetch", arguments.toArray(String[]::new)).withVariable("GIT_ALLOW_PROTOCOL", "file").run();
  }

  /** As all files of a repository: the umask is not in them, and the time is the commit's. */
  private void settle(Dir directory, Timestamp time) throws IOException {
    for (DirEntry entry : directory.entries()) {
      Name name = entry.name();
      directory.setOwner(name, 0, 0);
      directory.setPermissions(name, entry.stat().isDirectory() ? 0755 : 0644);
      if (entry.stat().isDirectory()) {
        try (Dir below = directory.open(name)) {
          settle(below, time);
        }
      } else if (reference.mtime() == Mtime.COMMIT) {
        directory.setTimes(name, time);
      }
    }
    if (reference.mtime() == Mtime.COMMIT) {
      directory.setTimes(time);
    }
  }
}
