package io.jbuild.linux.spawn;

import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FdStreams;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Pipe;
import io.jbuild.linux.syscall.Arch;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The program that a child becomes before it becomes the command, for one child.
 *
 * <p>While the kernel looks for the command, {@code /proc/self/exe} leads to what the child is
 * then. That would be the Java runtime, and a command that is a link to it, or a script that names
 * it as its interpreter, would get hold of a file of the machine. So the child becomes a sealed
 * page of memory first, whose source is {@code src/main/native/exec_<architecture>.S}, and that
 * looks for the command. Each child has its own, since the root of a sandbox may change the
 * permissions of what it runs.
 */
public final class Starter implements Closeable {
  static final byte[] NAME = "jbuild".getBytes(StandardCharsets.US_ASCII);

  /** Added to an errno that tells why there is no label. */
  static final int NO_LABEL = 0x10000;

  /** The numbers below are those that the program finds its descriptors by. */
  static final int FIRST_FREE = 5;

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int SEAL_SHRINK_GROW_WRITE = 2 | 4 | 8;
  private static final int SEAL_SEAL_EXEC = 1 | 0x20;
  private static final int SEAL_SEAL = 1;
  private static final int READ_AND_EXECUTE = 0555;

  private final Fd program;
  private final Pipe answer;

  private Starter(Fd program, Pipe answer) {
    this.program = program;
    this.answer = answer;
  }

  public static Starter open() throws IOException {
    Fd program = outOfTheWay(memory());
    try {
      fill(program);
      return new Starter(program, pipe());
    } catch (IOException e) {
      program.close();
      throw e;
    }
  }

  private static Pipe pipe() throws LinuxException {
    Pipe pipe = Pipe.open();
    try {
      return new Pipe(pipe.readEnd(), outOfTheWay(pipe.writeEnd()));
    } catch (LinuxException e) {
      pipe.close();
      throw e;
    }
  }

  /**
   * Not where the child puts its descriptors. It could not move these itself: by then it may have
   * fewer descriptors than the parent, by {@code --ulimit nofile}.
   */
  private static Fd outOfTheWay(Fd fd) throws LinuxException {
    if (fd.number() >= FIRST_FREE) {
      return fd;
    }
    try (fd) {
      long copy = Kernel.call(Syscall.FCNTL, fd.number(), F_DUPFD_CLOEXEC, FIRST_FREE);
      check("fcntl (F_DUPFD_CLOEXEC)", copy);
      return Fd.owning((int) copy);
    }
  }

  /** Kernels before 6.3 know neither this flag nor the seal that goes with it. */
  private static Fd memory() throws LinuxException {
    long name = Scratch.get().string(NAME);
    int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    long fd = Kernel.call(Syscall.MEMFD_CREATE, name, flags | MFD_EXEC);
    if (fd == -Errno.EINVAL.number()) {
      fd = Kernel.call(Syscall.MEMFD_CREATE, name, flags);
    }
    if (fd == -Errno.EACCES.number()) {
      throw new LinuxException(
          "memfd_create (MFD_EXEC)",
          Errno.EACCES.number(),
          "sysctl vm.memfd_noexec has to be 0 or 1");
    }
    if (fd < 0) {
      throw new LinuxException("memfd_create (MFD_EXEC)", (int) -fd);
    }
    return Fd.owning((int) fd);
  }

  @SuppressWarnings("resource") // the stream's end would be the descriptor's
  private static void fill(Fd program) throws IOException {
    OutputStream out = FdStreams.output(program);
    out.write(MachineCode.bytes(fileName(Arch.host())));
    check("fchmod", Kernel.call(Syscall.FCHMOD, program.number(), READ_AND_EXECUTE));
    long content =
        Kernel.call(Syscall.FCNTL, program.number(), F_ADD_SEALS, SEAL_SHRINK_GROW_WRITE);
    check("fcntl (F_ADD_SEALS)", content);
    long rest = Kernel.call(Syscall.FCNTL, program.number(), F_ADD_SEALS, SEAL_SEAL_EXEC);
    if (rest == -Errno.EINVAL.number()) {
      rest = Kernel.call(Syscall.FCNTL, program.number(), F_ADD_SEALS, SEAL_SEAL);
    }
    check("fcntl (F_ADD_SEALS)", rest);
  }

  private static void check(String call, long result) throws LinuxException {
    if (result < 0) {
      throw new LinuxException(call, (int) -result);
    }
  }

  static String fileName(Arch architecture) {
    return "exec_" + architecture.name().toLowerCase(Locale.ROOT) + ".bin";
  }

  int program() {
    return program.number();
  }

  /** Where the program writes why there is no command. */
  int answer() {
    return answer.writeEnd().number();
  }

  /**
   * Waits until the child has become the command, or could not. To be called once, when the child
   * has its copies of the descriptors.
   *
   * @return 0, or the errno
   */
  int awaitCommand() throws IOException {
    answer.writeEnd().close();
    InputStream in = FdStreams.input(answer.readEnd());
    byte[] errno = in.readNBytes(Integer.BYTES);
    return errno.length < Integer.BYTES
        ? 0
        : ByteBuffer.wrap(errno).order(ByteOrder.nativeOrder()).getInt();
  }

  @Override
  public void close() {
    program.close();
    answer.close();
  }
}
