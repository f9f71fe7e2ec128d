package io.jbuild.isolation.plan;

import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Sysfs;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.util.EnumSet;

/**
 * Mounts /sys, which shows the sandbox's network and otherwise the whole machine.
 *
 * @param fromHost whether it is the host's own, with all that is mounted below: where the network
 *     belongs to another user namespace, the kernel makes no new one
 */
public record MountSys(boolean readOnly, boolean fromHost) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "mount sysfs on \"/sys\"";
    EnumSet<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
    if (readOnly) {
      flags.add(MountFlag.READ_ONLY);
    }
    ResultOf mount = fromHost ? hosts(out, what, flags) : out.mount(new Sysfs(), flags);
    out.attach(what, mount, out.openPlainInRoot(what, TreePath.parse("/sys")));
    out.sys(mount);
  }

  private static ResultOf hosts(Assembly out, String what, EnumSet<MountFlag> flags) {
    ResultOf tree = out.copyTree(what, "/sys");
    out.addFlags(what, OnError.FAIL, tree, flags, true);
    return tree;
  }
}
