package io.jbuild.overlay;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Program;
import io.jbuild.linux.spawn.Syscall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How fuse-overlayfs is started: with the connection, the layers and the standard streams as its
 * only descriptors. Directories are named by descriptor, so that none of their names has to be
 * written in the syntax of its options.
 */
final class FuseProgram {
  private static final long AT_FDCWD = -100;
  private static final int RDWR = 2;
  private static final int SET_PDEATHSIG = 1;
  private static final int SIGKILL = 9;
  private static final int SET_MASK = 2;
  private static final int SET_DESCRIPTOR_FLAGS = 2;
  private static final long ALL = 0xffffffffL;
  private static final int CLOEXEC = 4;

  private final Path program;
  private final Fd device;
  private final List<Fd> kept = new ArrayList<>();
  private final StringBuilder lowers = new StringBuilder();
  private String writable = "";

  FuseProgram(Path program, Fd device) {
    this.program = program;
    this.device = device;
    kept.add(device);
  }

  void lower(KernelDir layer) {
    lowers.append(lowers.length() == 0 ? "" : ":").append(name(layer));
  }

  void writable(KernelDir upper, KernelDir work) {
    // What is lost in a crash is thrown away with the whole directory.
    writable = ",upperdir=" + name(upper) + ",workdir=" + name(work) + ",fsync=0";
  }

  private String name(KernelDir directory) {
    kept.add(directory.fd());
    return "/proc/self/fd/" + directory.fd().number();
  }

  /**
   * @param messages takes what the program says
   */
  Program compile(Fd messages) {
    Program.Builder out = Program.builder();
    out.call("leave the terminal", Syscall.SETSID);
    out.call("tie its life to the parent", Syscall.PRCTL, number(SET_PDEATHSIG), number(SIGKILL));
    ResultOf nothing =
        out.call(
            "open /dev/null", Syscall.OPENAT, number(AT_FDCWD), text("/dev/null"), number(RDWR));
    out.call("set its input", Syscall.DUP3, nothing, number(0), number(0));
    out.call("set its output", Syscall.DUP3, nothing, number(1), number(0));
    out.call("set its messages", Syscall.DUP3, number(messages.number()), number(2), number(0));
    out.call("close descriptors", Syscall.CLOSE_RANGE, number(3), number(ALL), number(CLOEXEC));
    for (Fd each : kept) {
      out.call(
          "keep a descriptor",
          Syscall.FCNTL,
          number(each.number()),
          number(SET_DESCRIPTOR_FLAGS),
          number(0));
    }
    out.call(
        "let signals in",
        Syscall.RT_SIGPROCMASK,
        number(SET_MASK),
        new Buffer(new byte[8]),
        number(0),
        number(8));
    return out.exec(
        List.of(PathBytes.of(program)),
        List.of(
            bytes("fuse-overlayfs"),
            bytes("-f"),
            bytes("-o"),
            bytes("lowerdir=" + lowers + writable),
            bytes("/dev/fd/" + device.number())),
        List.of(bytes("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), bytes("LC_ALL=C.UTF-8")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
