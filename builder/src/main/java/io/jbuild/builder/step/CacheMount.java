package io.jbuild.builder.step;

import io.jbuild.builder.instruction.RunMount;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LockFile;
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
 * are no part of any key: the step must work with an empty one.
 *
 * <p>Everybody who uses a directory holds a lock on it: shared, or alone. {@code private} takes the
 * first directory of the name that nobody has, {@code locked} waits for the one.
 */
record CacheMount(RunMount.Cache mount, TreePath target, String namespace, Path area)
    implements StepMount {
  private static final int MOST_PRIVATE = 1000;

  @Override
  public List<String> keyFields() {
    return List.of(
        "cache", target.toString(), Boolean.toString(mount.readOnly()), mount.source().orElse(""));
  }

  @Override
  public String lockName() {
    return namespace + "\0" + mount.id().orElse(target.toString());
  }

  @Override
  public void add(StepResources resources, Map<String, String> env) throws IOException {
    Path directory = acquire(resources);
    makeContent(directory);
    KernelDir content = resources.keep(KernelDir.open(directory.resolve("content")));
    Fd source = resources.keep(content.resolvePath(TreePath.parse(mount.source().orElse("/"))));
    Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV);
    if (mount.readOnly()) {
      flags.add(MountFlag.READ_ONLY);
    }
    resources.mount(new MountPoint(new Bind(source, false), target, flags));
  }

  private Path acquire(StepResources resources) throws IOException {
    switch (mount.sharing()) {
      case SHARED -> {
        Path directory = directory(0);
        resources.keep(LockFile.lock(lock(directory), LockFile.Mode.SHARED));
        return directory;
      }
      case LOCKED -> {
        Path directory = directory(0);
        resources.keep(LockFile.lock(lock(directory), LockFile.Mode.EXCLUSIVE));
        return directory;
      }
      case PRIVATE -> {
        return firstFree(resources);
      }
    }
    throw new IllegalStateException("sharing " + mount.sharing());
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
    Path directory = area.resolve(number == 0 ? hex : hex + "-" + number);
    Files.createDirectories(directory);
    return directory;
  }

  private static Path lock(Path directory) {
    return directory.resolve("lock");
  }

  private void makeContent(Path directory) throws IOException {
    Path content = directory.resolve("content");
    if (Files.notExists(content)) {
      Files.createDirectories(content);
      try (KernelDir dir = KernelDir.open(content)) {
        dir.setOwner(mount.uid(), mount.gid());
        dir.setPermissions(mount.mode());
      }
    }
  }
}
