package io.jbuild.isolation.plan;

import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Proc;
import io.jbuild.linux.spawn.Argument.ResultOf;
import java.util.EnumSet;

/** Mounts the new PID namespace's /proc. */
public record MountProc() implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "mount proc on \"/proc\"";
    ResultOf mount =
        out.mount(new Proc(), EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV));
    out.attach(what, mount, out.openPlainInRoot(what, TreePath.parse("/proc")));
    out.proc(mount);
  }
}
