package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.of;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.Fd;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Syscall;
import java.nio.file.Path;

/**
 * Cuts the child's mounts off from the host's, then attaches the root at a directory of ours.
 *
 * @param mount detached, made by the parent
 */
public record AttachRoot(Fd mount, Path place) implements SetupStep {
  private static final long RECURSIVE_PRIVATE = 1 << 14 | 1 << 18;

  @Override
  public void compile(Assembly out) {
    out.calls()
        .call(
            "make all mounts private",
            Syscall.MOUNT,
            of(0),
            text("/"),
            of(0),
            of(RECURSIVE_PRIVATE),
            of(0));
    Argument root = of(mount.number());
    Argument here = of(Assembly.AT_FDCWD);
    String what = "mount the root file system on \"" + place + "\"";
    out.attach(what, io.jbuild.linux.spawn.OnError.FAIL, root, here, PathBytes.of(place));
    out.root(root);
  }
}
