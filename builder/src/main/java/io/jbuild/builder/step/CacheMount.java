package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.builder.copy.CopySelection;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.isolation.Mechanism;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerSummary;
import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code type=cache}: a directory of the store that outlives the build. Its content and its name
 * are no part of any key: the step must work with an empty one. Who asks for another owner, mode or
 * beginning gets another directory, as one cannot be all of them.
 *
 * <p>Everybody who uses a directory holds a lock on it: shared, or alone. {@code private} takes the
 * first directory of the name that nobody has, {@code locked} waits for the one.
 *
 * @param seed what the directory begins with, from a stage, an image or a context
 * @param cancellation ends the wait for another step
 * @param isolation says by what means the command will see it
 */
record CacheMount(
    RunMount.Cache mount,
    TreePath target,
    Optional<CopySelection> seed,
    String namespace,
    Stores stores,
    Cancellation cancellation,
    Workshop.IsolationSource isolation)
    implements StepMount {
  private static final Name CONTENT = Name.of("content");

  /** Where a seed's files have to go. */
  static final TreePath CONTENT_PATH = TreePath.ROOT.resolve(CONTENT);

  private static final int MOST_PRIVATE = 1000;

  @Override
  public List<String> keyFields() {
    return List.of(
        "cache",
        target.toString(),
        Boolean.toString(mount.readOnly()),
        mount.source().orElse(""),
        seedDigest());
  }

  @Override
  public String lockName() {
    return String.join(
        "\0",
        namespace,
        mount.id().orElse(target.toString()),
        mount.uid() + ":" + mount.gid() + ":" + mount.mode(),
        seedDigest());
  }

  private String seedDigest() {
    return seed.map(files -> files.digest().toString()).orElse("");
  }

  @Override
  public void add(StepResources resources, Map<String, String> env)
      throws IOException, UserException, InterruptedException {
    Path directory = acquire(resources);
    makeContent(directory);
    KernelDir content = resources.keep(KernelDir.open(directory.resolve("content")));
    String below = seed.isPresent() ? "/" : mount.source().orElse("/");
    Fd source = resources.keep(content.resolvePath(TreePath.parse(below)));
    Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV);
    if (mount.readOnly()) {
      flags.add(MountFlag.READ_ONLY);
    }
    resources.mount(new MountPoint(new Bind(source, false), target, flags));
  }

  private Path acquire(StepResources resources)
      throws IOException, UserException, InterruptedException {
    switch (mount.sharing()) {
      case SHARED -> {
        return hold(resources, shared());
      }
      case LOCKED -> {
        return hold(resources, LockFile.Mode.EXCLUSIVE);
      }
      case PRIVATE -> {
        return firstFree(resources);
      }
    }
    throw new IllegalStateException("sharing " + mount.sharing());
  }

  private Path hold(StepResources resources, LockFile.Mode mode)
      throws IOException, UserException, InterruptedException {
    if (!resources.locks(lockName(), mode)) {
      throw new UserException(
          "cache mount " + target + ": another one of this step has the same directory locked",
          "give one of them an id of its own");
    }
    Path directory = directory(0);
    resources.keep(take(directory, mode));
    return directory;
  }

  /** In a chroot the directory itself is moved in and back: it can be in one root only. */
  private LockFile.Mode shared() throws IOException {
    return isolation.get().mechanism() instanceof Mechanism.Chroot
        ? LockFile.Mode.EXCLUSIVE
        : LockFile.Mode.SHARED;
  }

  private LockFile take(Path directory, LockFile.Mode mode)
      throws IOException, InterruptedException {
    return CacheLock.take(lock(directory), mode, cancellation);
  }

  private Path firstFree(StepResources resources) throws IOException {
    for (int i = 0; i < MOST_PRIVATE; i++) {
      Path directory = directory(i);
      Optional<LockFile> lock = LockFile.tryLock(lock(directory), LockFile.Mode.EXCLUSIVE);
      if (lock.isPresent()) {
        resources.keep(lock.get());
        return directory;
      }
    }
    throw new IOException(
        "cache mount " + target + ": " + MOST_PRIVATE + " directories are in use");
  }

  /** The id may be anything, so its digest is the name. */
  private Path directory(int number) throws IOException {
    String hex = Digest.sha256(lockName().getBytes(StandardCharsets.UTF_8)).hex();
    Path directory = stores.root().cacheMounts().resolve(number == 0 ? hex : hex + "-" + number);
    Files.createDirectories(directory);
    return directory;
  }

  private static Path lock(Path directory) {
    return directory.resolve("lock");
  }

  /** Moved into place when it is complete: another build may look at the same time. */
  private void makeContent(Path directory) throws IOException, UserException {
    if (Files.exists(directory.resolve("content"))) {
      return;
    }
    try (LayerIngest ingest = stores.layers().begin();
        KernelDir made = KernelDir.open(ingest.fs());
        KernelDir place = KernelDir.open(directory)) {
      makeContent(made);
      made.rename(CONTENT, place, CONTENT, false);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  private void makeContent(KernelDir made) throws IOException, UserException {
    if (seed.isPresent()) {
      LayerSummary unused = seed.get().alone().write(made, warning -> {});
    } else {
      made.makeDir(CONTENT, mount.mode()).close();
    }
    boolean usual = mount.uid() == 0 && mount.gid() == 0 && mount.mode() == 0755;
    if (seed.isEmpty() || !usual) {
      made.setOwner(CONTENT, mount.uid(), mount.gid());
      made.setPermissions(CONTENT, mount.mode());
    }
  }
}
