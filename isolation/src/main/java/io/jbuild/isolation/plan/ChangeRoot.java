package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.Fd;
import io.jbuild.linux.spawn.Syscall;

/**
 * Makes a directory the root by chroot(2). It is a wall only for who cannot do the same again: the
 * command must not have the capability for it.
 */
public record ChangeRoot(Fd root) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    out.root(number(root.number()));
    String what = "enter the root directory";
    out.calls().call(what, Syscall.FCHDIR, out.root());
    out.calls().call(what + " (chroot)", Syscall.CHROOT, text("."));
    out.calls().call(what, Syscall.CHDIR, text("/"));
  }
}
