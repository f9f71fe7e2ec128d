package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;

/**
 * Has every descriptor but the standard three closed by the next exec, and gives each signal its
 * default effect, also those that were ignored around jbuild (nohup), which clone leaves ignored.
 * Signals are let in last.
 *
 * @param firstClosed the number of the first descriptor that is closed
 */
public record ResetSignals(int firstClosed) implements SetupStep {
  private static final int SIGNALS = 64;
  private static final int SIGKILL = 9;
  private static final int SIGSTOP = 19;
  private static final int SET_MASK = 2;
  private static final long ALL = 0xffffffffL;
  private static final int CLOEXEC = 4;

  /** struct sigaction as the kernel has it on both architectures; all zero is SIG_DFL. */
  private static final int SIGACTION_BYTES = 32;

  /** Leaves the standard three. */
  public ResetSignals() {
    this(3);
  }

  @Override
  public void compile(Assembly out) {
    out.calls()
        .call(
            "close descriptors",
            Syscall.CLOSE_RANGE,
            number(firstClosed),
            number(ALL),
            number(CLOEXEC));
    Buffer action = new Buffer(new byte[SIGACTION_BYTES]);
    OnError unknown = OnError.tolerate(Errno.EINVAL.number());
    for (int signal = 1; signal <= SIGNALS; signal++) {
      if (signal != SIGKILL && signal != SIGSTOP) {
        String what = "reset signal " + signal;
        out.calls()
            .call(
                what, unknown, Syscall.RT_SIGACTION, number(signal), action, number(0), number(8));
      }
    }
    out.calls()
        .call(
            "let signals in",
            Syscall.RT_SIGPROCMASK,
            number(SET_MASK),
            new Buffer(new byte[8]),
            number(0),
            number(8));
  }
}
