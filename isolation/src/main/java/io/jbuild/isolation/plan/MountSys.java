package io.jbuild.isolation.plan;

import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Sysfs;
import io.jbuild.linux.spawn.Argument.ResultOf;
import java.util.EnumSet;

/** Mounts /sys read-only. */
public record MountSys() implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "mount sysfs on \"/sys\"";
    EnumSet<MountFlag> flags =
        EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
    ResultOf mount = out.mount(new Sysfs(), flags);
    out.attach(what, mount, out.openPlainInRoot(what, TreePath.parse("/sys")));
    out.sys(mount);
  }
}
