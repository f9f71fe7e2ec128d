package io.jbuild.isolation.plan;

import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.util.EnumSet;

/**
 * Lays a read-only view of the root over the root itself. The mount below stays writable, for the
 * parent still has to remove mount points through it.
 */
public record ReadOnlyRoot() implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "make the root read-only";
    Argument writable = out.root();
    ResultOf copy = out.copyMount(what, OnError.FAIL, writable, "");
    EnumSet<MountFlag> flags = EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_DEV);
    out.addFlags(what, OnError.FAIL, copy, flags, false);
    out.attach(what, copy, writable);
    out.root(copy);
  }
}
