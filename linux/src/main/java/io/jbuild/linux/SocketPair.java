package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Two connected sockets that keep messages apart, both close-on-exec: over them a child can hand a
 * descriptor of its own to its parent.
 */
public record SocketPair(Fd ours, Fd childs) implements Closeable {
  private static final int AF_UNIX = 1;
  private static final int SEQPACKET_CLOEXEC = 5 | OpenFlags.CLOEXEC;
  private static final int RECEIVE_CLOEXEC = 0x40000000;
  private static final int SHUT_BOTH = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  // where the parts of a message lie in the scratch memory
  private static final int CONTROL = 64;
  private static final int CONTROL_BYTES = 24;
  private static final int HEADER_BYTES = 56;
  private static final int CONTROL_POINTER = 32;
  private static final int CONTROL_LENGTH = 40;

  /** socketpair(2). */
  public static SocketPair open() throws LinuxException {
    Scratch scratch = Scratch.get();
    long result =
        Kernel.call(Syscall.SOCKETPAIR, AF_UNIX, SEQPACKET_CLOEXEC, 0, scratch.dataAddress());
    if (result < 0) {
      throw new LinuxException("socketpair (AF_UNIX, SOCK_SEQPACKET)", (int) -result);
    }
    int first = scratch.data().getInt(0);
    int second = scratch.data().getInt(4);
    return new SocketPair(Fd.owning(first), Fd.owning(second));
  }

  /**
   * The header of a message that has no bytes and one descriptor, for sendmsg(2): the address of
   * {@link #control} belongs at offset 32.
   */
  public static byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.nativeOrder());
    header.putLong(CONTROL_LENGTH, CONTROL_BYTES);
    return header.array();
  }

  /** Where in {@link #header} the address of the control part belongs. */
  public static int controlPointer() {
    return CONTROL_POINTER;
  }

  /** The control part that carries a descriptor. */
  public static byte[] control(int fd) {
    ByteBuffer control = ByteBuffer.allocate(CONTROL_BYTES).order(ByteOrder.nativeOrder());
    control.putLong(20).putInt(SOL_SOCKET).putInt(SCM_RIGHTS).putInt(fd);
    return control.array();
  }

  /** Waits for a message and takes the descriptor in it; empty when the talk has ended. */
  public Optional<Fd> receive() throws LinuxException {
    Scratch scratch = Scratch.get();
    ByteBuffer data = scratch.data();
    data.put(new byte[CONTROL + CONTROL_BYTES]);
    data.putLong(CONTROL_POINTER, scratch.dataAddress() + CONTROL);
    data.putLong(CONTROL_LENGTH, CONTROL_BYTES);
    long result =
        Kernel.call(Syscall.RECVMSG, ours.number(), scratch.dataAddress(), RECEIVE_CLOEXEC);
    if (result < 0) {
      throw new LinuxException("recvmsg (MSG_CMSG_CLOEXEC)", (int) -result);
    }
    boolean arrived = scratch.data().getLong(CONTROL_LENGTH) >= 20;
    return arrived ? Optional.of(Fd.owning(scratch.data().getInt(CONTROL + 16))) : Optional.empty();
  }

  /**
   * Ends the talk for both sides at once. Closing would not: other children that are just being
   * started have copies.
   */
  public void end() {
    long unused = Kernel.call(Syscall.SHUTDOWN, ours.number(), SHUT_BOTH);
  }

  /** Lets the child go on, which waits for one byte; nothing happens when it has ended. */
  public void answer() throws LinuxException {
    try {
      FdIo.write(ours.number(), new byte[] {1}, 0, 1);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EPIPE) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    ours.close();
    childs.close();
  }
}
