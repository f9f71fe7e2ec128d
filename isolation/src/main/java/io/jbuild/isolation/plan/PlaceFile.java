package io.jbuild.isolation.plan;

import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.util.EnumSet;

/** Binds a file of {@link ProvideFiles}, read-only, over its place in the root. */
public record PlaceFile(int index, Target target) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "bind a file on \"" + target.path() + "\"";
    ResultOf copy = out.copyMount(what, OnError.FAIL, out.files(), ProvideFiles.name(index));
    EnumSet<MountFlag> flags =
        EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_SUID, MountFlag.NO_DEV, MountFlag.NO_EXEC);
    out.addFlags(what, OnError.FAIL, copy, flags, false);
    target.attach(out, what, copy);
  }
}
