package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Syscall;

/**
 * Has the kernel give the command, for as long as it lives, whatever its descendants leave behind;
 * as the first process of a PID namespace gets it.
 */
public record AdoptOrphans() implements SetupStep {
  private static final int SET_CHILD_SUBREAPER = 36;

  @Override
  public void compile(Assembly out) {
    out.calls().call("adopt orphans", Syscall.PRCTL, number(SET_CHILD_SUBREAPER), number(1));
  }
}
