package io.jbuild.isolation.plan;

import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Sysfs;
import io.jbuild.linux.spawn.Argument.ResultOf;
import java.util.EnumSet;

/** Mounts /sys, which shows the sandbox's network and otherwise the whole machine. */
public record MountSys(boolean readOnly) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "mount sysfs on \"/sys\"";
    EnumSet<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
    if (readOnly) {
      flags.add(MountFlag.READ_ONLY);
    }
    ResultOf mount = out.mount(new Sysfs(), flags);
    out.attach(what, mount, out.openPlainInRoot(what, TreePath.parse("/sys")));
    out.sys(mount);
  }
}
