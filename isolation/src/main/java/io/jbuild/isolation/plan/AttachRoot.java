package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
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
            number(0),
            text("/"),
            number(0),
            number(RECURSIVE_PRIVATE),
            number(0));
    Argument root = number(mount.number());
    Argument here = number(Assembly.AT_FDCWD);
    String what = "mount the root file system on \"" + place + "\"";
    out.attach(what, io.jbuild.linux.spawn.OnError.FAIL, root, here, PathBytes.of(place));
    out.root(root);
  }
}
