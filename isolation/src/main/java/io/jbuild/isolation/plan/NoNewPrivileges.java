package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Syscall;

/** From here on no exec gives privileges: set-user-id bits and file capabilities do nothing. */
public record NoNewPrivileges() implements SetupStep {
  private static final int SET_NO_NEW_PRIVS = 38;

  @Override
  public void compile(Assembly out) {
    out.calls()
        .call(
            "set no_new_privs",
            Syscall.PRCTL,
            number(SET_NO_NEW_PRIVS),
            number(1),
            number(0),
            number(0),
            number(0));
  }
}
