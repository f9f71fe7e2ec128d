package io.jbuild.linux.mount;

import io.jbuild.linux.Fd;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A file system that a program serves by the FUSE protocol. The kernel checks permissions and lets
 * every user of the container in.
 *
 * @param device a connection from {@link #openDevice}, good for one mount. The program that answers
 *     on it has to be started after the mount was made: before that, reading from it is an error.
 */
public record Fuse(Fd device) implements Filesystem {
  private static final int AT_FDCWD = -100;
  private static final int RDWR_CLOEXEC = 02 | 02000000;

  /** A new connection. The caller closes it once the program has a copy. */
  public static Fd openDevice() throws LinuxException {
    byte[] path = "/dev/fuse".getBytes(StandardCharsets.US_ASCII);
    long result =
        Kernel.call(Syscall.OPENAT, AT_FDCWD, Scratch.get().string(path), RDWR_CLOEXEC, 0);
    if (result < 0) {
      throw new LinuxException("open \"/dev/fuse\"", (int) -result);
    }
    return Fd.owning((int) result);
  }

  @Override
  public String type() {
    return "fuse";
  }

  @Override
  public List<MountOption> options() {
    return List.of(
        new MountOption.Text("fd", Integer.toString(device.number())),
        new MountOption.Text("rootmode", "40000"),
        new MountOption.Text("user_id", "0"),
        new MountOption.Text("group_id", "0"),
        new MountOption.Flag("default_permissions"),
        new MountOption.Flag("allow_other"));
  }

  @Override
  public boolean showsNamespaces() {
    return false;
  }
}
