package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.of;

import io.jbuild.linux.spawn.Syscall;

/** From here on no exec gives privileges: set-user-id bits and file capabilities do nothing. */
public record NoNewPrivileges() implements SetupStep {
  private static final int SET_NO_NEW_PRIVS = 38;

  @Override
  public void compile(Assembly out) {
    out.calls()
        .call("set no_new_privs", Syscall.PRCTL, of(SET_NO_NEW_PRIVS), of(1), of(0), of(0), of(0));
  }
}
