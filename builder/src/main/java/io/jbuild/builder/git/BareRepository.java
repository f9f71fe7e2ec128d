package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.linux.LockFile;
import io.jbuild.oci.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of one remote: a bare repository of the store, locked while this is open. It only
 * grows: each commit that was fetched has a ref of its own, so that the next fetch of that remote
 * transfers the difference.
 */
final class BareRepository implements Closeable {
  private static final String REFS = "refs/jbuild/";

  /** The last word: a commit is what it was, whatever .gitattributes says of archives. */
  private static final String ATTRIBUTES = "* -export-ignore -export-subst\n";

  /** Where git keeps temporary files: objects/pack/tmp_pack_…, refs/jbuild/….lock. */
  private static final int DEEPEST = 4;

  private final GitProgram program;
  private final Path directory;
  private final GitRemote remote;
  private final LockFile lock;

  private BareRepository(GitProgram program, Path directory, GitRemote remote, LockFile lock) {
    this.program = program;
    this.directory = directory;
    this.remote = remote;
    this.lock = lock;
  }

  /**
   * Opens the repository of a remote, or makes it.
   *
   * @param area where all of them are
   * @param id of an object that it will have: its length tells SHA-1 from SHA-256
   */
  static BareRepository open(GitProgram program, Path area, GitRemote remote, String id)
      throws IOException, UserException, InterruptedException {
    String format = id.length() == 64 ? "sha256" : "sha1";
    String name =
        Digest.sha256((format + " " + remote.url()).getBytes(StandardCharsets.UTF_8)).hex();
    LockFile lock = LockFile.lock(area.resolve(name + ".lock"), LockFile.Mode.EXCLUSIVE);
    BareRepository repository =
        new BareRepository(program, area.resolve(name + ".git"), remote, lock);
    try {
      repository.makeUsable(format);
      return repository;
    } catch (IOException | UserException | InterruptedException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void makeUsable(String format) throws IOException, UserException, InterruptedException {
    if (Files.isDirectory(directory)) {
      sweep();
    }
    // Written last, so what has it is complete.
    Path attributes = directory.resolve("info").resolve("attributes");
    if (!Files.exists(attributes)) {
      program.run("init", "--bare", "--quiet", "--object-format=" + format).in(directory).run();
      Files.createDirectories(attributes.getParent());
      Files.writeString(attributes, ATTRIBUTES);
    }
  }

  /** Removes what a git that was killed left behind, and the next would stumble over. */
  private void sweep() throws IOException {
    try (Stream<Path> files =
        Files.find(directory, DEEPEST, (path, unused) -> isLeft(path.getFileName().toString()))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isLeft(String name) {
    return name.endsWith(".lock") || name.startsWith("tmp_");
  }

  Path directory() {
    return directory;
  }

  GitRun run(String command, String... arguments)
      throws IOException, UserException, InterruptedException {
    return program.run(command, arguments).in(directory);
  }

  boolean has(String id) throws IOException, UserException, InterruptedException {
    try {
      run("cat-file", "-e", id + "^{commit}").run();
      return true;
    } catch (GitFailure e) {
      return false;
    }
  }

  /** The ref under which an object that was fetched is kept. */
  static String kept(String id) {
    return REFS + id;
  }

  /**
   * Fetches a commit or an annotated tag unless it is there: alone, without what was before it,
   * where the server gives that.
   *
   * @param refName the ref that named it, for servers that give nothing but what refs name
   */
  void fetch(
      String id, Optional<String> refName, Optional<String> authorization, Optional<Path> agent)
      throws IOException, UserException, InterruptedException {
    if (has(id)) {
      return;
    }
    Fetch fetch = new Fetch(this, remote, authorization, agent);
    if (!fetch.one(id, id) && refName.isPresent()) {
      boolean unused = fetch.one(refName.get(), id);
    }
    if (!has(id)) {
      fetch.all();
    }
    if (!has(id)) {
      throw new UserException("cannot fetch " + remote + ": it has no commit " + id);
    }
  }

  /** The id of the commit that an id means: that of a tag is another. */
  String commit(String id) throws IOException, UserException, InterruptedException {
    return run("rev-parse", "--verify", "--end-of-options", id + "^{commit}").text().strip();
  }

  Instant committed(String commit) throws IOException, UserException, InterruptedException {
    String text = run("log", "-1", "--no-show-signature", "--format=%ct", commit).text().strip();
    try {
      return Instant.ofEpochSecond(Long.parseLong(text));
    } catch (NumberFormatException | DateTimeException e) {
      return Instant.EPOCH; // a date that cannot be read is none
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
