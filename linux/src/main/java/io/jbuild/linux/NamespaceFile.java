package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** A namespace, held by a file of {@code /proc/PID/ns} that was opened: it stays while this is. */
public final class NamespaceFile implements Closeable {
  private static final long OWNER = 0xb701;
  private static final long PARENT = 0xb702;

  private final Fd fd;

  private NamespaceFile(Fd fd) {
    this.fd = fd;
  }

  /** Opens the file; of other users' processes only root may. */
  public static NamespaceFile open(Path file) throws IOException {
    return new NamespaceFile(
        Opening.path(PathBytes.of(file), OpenFlags.CLOEXEC, "a namespace of a process"));
  }

  /** Its number, which all processes in it share. */
  public long number() throws IOException {
    return number(Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd.number())).toString())
        .orElseThrow(() -> new IOException(this + " is no namespace"));
  }

  /** Of {@code mnt:[4026531841]}, which is what a file of {@code /proc/PID/ns} leads to. */
  public static OptionalLong number(String link) {
    int open = link.indexOf(":[");
    return open > 0 && link.endsWith("]") && link.substring(open + 2).matches("[0-9]{1,18}]")
        ? OptionalLong.of(Long.parseLong(link.substring(open + 2, link.length() - 1)))
        : OptionalLong.empty();
  }

  /** The user namespace whose root rules over it; empty where that is not for us to know. */
  public Optional<NamespaceFile> owner() throws LinuxException {
    return ask("NS_GET_USERNS", OWNER);
  }

  /** Of a user or PID namespace the one that it was made in; empty where there is none in sight. */
  public Optional<NamespaceFile> parent() throws LinuxException {
    return ask("NS_GET_PARENT", PARENT);
  }

  private Optional<NamespaceFile> ask(String name, long request) throws LinuxException {
    long result = Kernel.call(Syscall.IOCTL, fd.number(), request, 0);
    if (result == -Errno.EPERM.number() || result == -Errno.EINVAL.number()) {
      return Optional.empty();
    }
    if (result < 0) {
      throw new LinuxException("ioctl " + fd + " (" + name + ")", (int) -result);
    }
    return Optional.of(new NamespaceFile(Fd.owning((int) result)));
  }

  /** The descriptor, which stays this object's. */
  public Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return fd.toString();
  }
}
