package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.spawn.Syscall;

/**
 * Makes the mounted root the root of the mount namespace. The old one comes to lie on top of it in
 * the same place, so that it needs no directory, and is detached.
 */
public record PivotRoot() implements SetupStep {
  private static final int MNT_DETACH = 2;

  @Override
  public void compile(Assembly out) {
    String what = "enter the root file system";
    out.calls().call(what, Syscall.FCHDIR, out.root());
    out.calls().call(what + " (pivot_root)", Syscall.PIVOT_ROOT, text("."), text("."));
    out.calls().call("leave the old root", Syscall.UMOUNT2, text("."), number(MNT_DETACH));
    out.calls().call(what, Syscall.CHDIR, text("/"));
  }
}
