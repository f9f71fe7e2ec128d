package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Has the kernel kill the command when the thread that started it ends, and makes sure that the
 * parent has not ended before: getppid tells nothing in a new PID namespace, a pidfd does.
 *
 * <p>After every change of user, since those clear the signal.
 */
public record DieWithParent(PidFd parent) implements SetupStep {
  private static final int SET_PDEATHSIG = 1;
  private static final int SIGKILL = 9;
  private static final short READABLE = 1;

  @Override
  public void compile(Assembly out) {
    out.calls()
        .call("tie its life to the parent", Syscall.PRCTL, number(SET_PDEATHSIG), number(SIGKILL));
    ByteBuffer question = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    question.putInt(parent.fd().number()).putShort(READABLE);
    Buffer atOnce = new Buffer(new byte[16]);
    String what = "see its parent alive";
    ResultOf ended =
        out.calls()
            .call(
                what,
                Syscall.PPOLL,
                new Buffer(question.array()),
                number(1),
                atOnce,
                number(0),
                number(8));
    out.calls().check(what, ended, -1, 0, Errno.ESRCH.number());
  }
}
