package io.jbuild.linux.netlink;

import io.jbuild.linux.Fd;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink socket: requests to the kernel, each answered before the next. For any number of
 * threads.
 */
final class NetlinkSocket implements Closeable {
  /** NETLINK_ROUTE: interfaces, addresses, routes. */
  static final int ROUTE = 0;

  /** NETLINK_NETFILTER. */
  static final int NETFILTER = 12;

  private static final int AF_NETLINK = 16;
  private static final int RAW_CLOEXEC = 3 | 02000000;
  private static final int SOL_NETLINK = 270;
  private static final int CAP_ACK = 10;
  private static final int EXTENDED_ACK = 11;

  /** A dump is begun anew when something changed meanwhile, but not for ever. */
  private static final int DUMP_ATTEMPTS = 20;

  private final Fd fd;
  private int sequence;

  private NetlinkSocket(Fd fd) {
    this.fd = fd;
    // courtesies: without them an error has no words, and repeats the request
    option(EXTENDED_ACK);
    option(CAP_ACK);
  }

  static NetlinkSocket open(int protocol) throws LinuxException {
    long result = Kernel.call(Syscall.SOCKET, AF_NETLINK, RAW_CLOEXEC, protocol);
    if (result < 0) {
      throw new LinuxException("socket (AF_NETLINK, protocol " + protocol + ")", (int) -result);
    }
    return new NetlinkSocket(Fd.owning((int) result));
  }

  /** Takes over a socket that was made in another network namespace. */
  static NetlinkSocket owning(Fd fd) {
    return new NetlinkSocket(fd);
  }

  private void option(int option) {
    Scratch scratch = Scratch.get();
    scratch.data().putInt(0, 1);
    long unused =
        Kernel.call(Syscall.SETSOCKOPT, fd.number(), SOL_NETLINK, option, scratch.dataAddress(), 4);
  }

  /** Performs requests that have no result. */
  void execute(String what, Message... requests) throws LinuxException {
    for (Message request : requests) {
      List<Reply> unused = exchange(what, List.of(request));
    }
  }

  /** Performs requests as one, where the kernel takes them so. */
  void executeAtOnce(String what, List<Message> requests) throws LinuxException {
    List<Reply> unused = exchange(what, requests);
  }

  /** Asks for one thing; the answer is what came before the acknowledgement. */
  List<Reply> ask(String what, Message request) throws LinuxException {
    return exchange(what, List.of(request));
  }

  /** Asks for all things of a kind. */
  synchronized List<Reply> dump(String what, Message request) throws LinuxException {
    List<Reply> replies = new ArrayList<>();
    for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      replies = exchange(what, List.of(request));
      if (replies.stream().noneMatch(Reply::isInterrupted)) {
        return replies;
      }
    }
    return replies; // something is always changing: what it was a moment ago has to do
  }

  private synchronized List<Reply> exchange(String what, List<Message> requests)
      throws LinuxException {
    int first = sequence + 1;
    int unanswered = send(what, requests);
    List<Reply> results = new ArrayList<>();
    while (unanswered > 0) {
      for (Reply reply : receive(what)) {
        boolean ours = reply.sequence() - first >= 0;
        if (ours && (reply.isError() || reply.isDone())) {
          check(what, reply);
          unanswered--;
        } else if (ours) {
          results.add(reply);
        }
      }
    }
    return results;
  }

  /** Returns how many answers are to come. */
  private int send(String what, List<Message> requests) throws LinuxException {
    Scratch scratch = Scratch.get();
    ByteBuffer data = scratch.data();
    int answers = 0;
    for (Message request : requests) {
      sequence++;
      data.put(request.finished(sequence));
      answers += request.wantsAnswer() ? 1 : 0;
    }
    long result = Kernel.call(Syscall.WRITE, fd.number(), scratch.dataAddress(), data.position());
    if (result < 0) {
      throw new LinuxException(what, (int) -result);
    }
    return answers;
  }

  private List<Reply> receive(String what) throws LinuxException {
    Scratch scratch = Scratch.get();
    long length = Kernel.call(Syscall.READ, fd.number(), scratch.dataAddress(), Scratch.DATA_SIZE);
    if (length < 0) {
      throw new LinuxException(what, (int) -length);
    }
    ByteBuffer datagram =
        ByteBuffer.wrap(scratch.copy((int) length)).order(ByteOrder.nativeOrder());
    List<Reply> replies = new ArrayList<>();
    while (datagram.remaining() >= Message.HEADER_BYTES) {
      replies.add(Reply.take(datagram));
    }
    return replies;
  }

  private static void check(String what, Reply reply) throws LinuxException {
    if (reply.errno() > 0) {
      throw new LinuxException(what, reply.errno(), reply.kernelsWords());
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
