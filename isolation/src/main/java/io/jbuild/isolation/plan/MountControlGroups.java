package io.jbuild.isolation.plan;

import io.jbuild.linux.mount.Cgroup2;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/** Shows the sandbox its own control group (version 2), read-only, at /sys/fs/cgroup. */
public record MountControlGroups() implements SetupStep {
  @Override
  public void compile(Assembly out) {
    EnumSet<MountFlag> flags =
        EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
    ResultOf mount = out.mount(new Cgroup2(), flags);
    byte[] place = "fs/cgroup".getBytes(StandardCharsets.US_ASCII);
    out.attach("mount cgroup2 on \"/sys/fs/cgroup\"", OnError.FAIL, mount, out.sys(), place);
  }
}
