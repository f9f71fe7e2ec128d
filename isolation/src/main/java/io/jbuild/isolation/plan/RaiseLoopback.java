package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Brings the new network namespace's only device up. */
public record RaiseLoopback() implements SetupStep {
  private static final int AF_INET = 2;
  private static final int DATAGRAM_CLOEXEC = 2 | 02000000;
  private static final int SIOCSIFFLAGS = 0x8914;
  private static final short UP_AND_RUNNING = 0x41;

  @Override
  public void compile(Assembly out) {
    String what = "bring the loopback device up";
    ResultOf socket =
        out.calls()
            .call(what, Syscall.SOCKET, number(AF_INET), number(DATAGRAM_CLOEXEC), number(0));
    ByteBuffer request = ByteBuffer.allocate(40).order(ByteOrder.nativeOrder());
    request.put("lo".getBytes(StandardCharsets.US_ASCII)).position(16);
    request.putShort(UP_AND_RUNNING);
    out.calls()
        .call(what, Syscall.IOCTL, socket, number(SIOCSIFFLAGS), new Buffer(request.array()));
  }
}
