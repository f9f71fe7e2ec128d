package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Waits until the parent has connected the network that {@link OfferNetwork} offered, or is dead:
 * the socket alone does not tell, for children that are being started beside this one have copies
 * of its other end.
 *
 * @param ours the child's end of the pair of sockets
 */
public record AwaitNetwork(Fd ours, PidFd parent) implements SetupStep {
  private static final short READABLE = 1;
  private static final int NOT_BLOCKING = 0x40;

  @Override
  public void compile(Assembly out) {
    String what = "wait for its network";
    ByteBuffer question = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    question.putInt(ours.number()).putShort(READABLE).putShort((short) 0);
    question.putInt(parent.fd().number()).putShort(READABLE);
    out.calls()
        .call(
            what,
            Syscall.PPOLL,
            new Buffer(question.array()),
            number(2),
            number(0),
            number(0),
            number(8));
    ResultOf got =
        out.calls()
            .call(
                what,
                Syscall.RECVFROM,
                number(ours.number()),
                new Buffer(new byte[8]),
                number(1),
                number(NOT_BLOCKING),
                number(0),
                number(0));
    out.calls().check(what, got, -1, 1, Errno.ECHILD.number());
  }
}
