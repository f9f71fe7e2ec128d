package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Fd;
import io.jbuild.linux.SocketPair;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.Pointing;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Syscall;

/**
 * Gives the parent a netlink socket of the new network namespace, through which it configures an
 * interface while the child goes on.
 *
 * @param ours the child's end of a pair of sockets
 * @param parents the child's copy of the other end: it becomes the number of the netlink socket,
 *     and so is closed, or a dead parent would not be noticed
 */
public record OfferNetwork(Fd ours, Fd parents) implements SetupStep {
  private static final int AF_NETLINK = 16;
  private static final int RAW_CLOEXEC = 3 | 02000000;
  private static final int NETLINK_ROUTE = 0;

  @Override
  public void compile(Assembly out) {
    String what = "offer its network to the parent";
    ResultOf socket =
        out.calls()
            .call(
                what,
                Syscall.SOCKET,
                number(AF_NETLINK),
                number(RAW_CLOEXEC),
                number(NETLINK_ROUTE));
    int known = parents.number();
    out.calls().call(what, Syscall.DUP3, socket, number(known), number(Assembly.O_CLOEXEC));
    Pointing message =
        new Pointing(
            new Buffer(SocketPair.header()),
            SocketPair.controlPointer(),
            new Buffer(SocketPair.control(known)));
    out.calls().call(what, Syscall.SENDMSG, number(ours.number()), message, number(0));
    out.calls().call(what, Syscall.CLOSE, socket);
    out.calls().call(what, Syscall.CLOSE, number(known));
  }
}
