package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Proc;
import io.jbuild.linux.spawn.OnError;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/** Mounts the new PID namespace's /proc over the host's, for a program that runs in no root. */
public record HostProc() implements SetupStep {
  @Override
  public void compile(Assembly out) {
    EnumSet<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
    byte[] place = "/proc".getBytes(StandardCharsets.US_ASCII);
    out.attach(
        "mount proc over the host's",
        OnError.FAIL,
        out.mount(new Proc(), flags),
        number(Assembly.AT_FDCWD),
        place);
  }
}
