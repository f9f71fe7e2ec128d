package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;

/**
 * A session without a terminal, a keyring without the builder's keys, a zero umask for now, and
 * Linux's own personality, whatever {@code setarch} jbuild was started with.
 */
public record NewSession() implements SetupStep {
  private static final int JOIN_SESSION_KEYRING = 1;

  @Override
  public void compile(Assembly out) {
    out.calls().call("start a session", Syscall.SETSID);
    out.calls()
        .call(
            "start a session keyring",
            OnError.tolerate(Errno.ENOSYS.number(), Errno.EPERM.number(), Errno.EACCES.number()),
            Syscall.KEYCTL,
            number(JOIN_SESSION_KEYRING),
            number(0));
    out.calls().call("take the personality of Linux", Syscall.PERSONALITY, number(0));
    out.calls().call("clear the umask", Syscall.UMASK, number(0));
  }
}
