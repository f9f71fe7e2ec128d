package io.jbuild.linux.mount;

import io.jbuild.linux.Fd;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Printable;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.StringJoiner;

/** A file system being configured: fsopen(2), fsconfig(2), fsmount(2). */
final class FsContext implements Closeable {
  /** fsconfig(2) takes 256 bytes of string, the NUL included; more is EINVAL. */
  static final int LONGEST_VALUE = 255;

  private static final int CLOEXEC = 1;
  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int CMD_CREATE = 6;

  private final String type;
  private final Fd fd;

  private FsContext(String type, Fd fd) {
    this.type = type;
    this.fd = fd;
  }

  static FsContext open(String type) throws LinuxException {
    long result = Kernel.call(Syscall.FSOPEN, Scratch.get().string(ascii(type)), CLOEXEC);
    if (result < 0) {
      throw new LinuxException("fsopen \"" + type + '"', (int) -result);
    }
    return new FsContext(type, Fd.owning((int) result));
  }

  void set(MountOption option) throws LinuxException {
    Scratch scratch = Scratch.get();
    long key = scratch.string(ascii(option.key()));
    if (option instanceof MountOption.Text text) {
      check(config(SET_STRING, key, scratch.secondString(text.value())), option.toString());
    } else {
      check(config(SET_FLAG, key, 0), option.toString());
    }
  }

  /** Makes the file system itself; every option counts from here on. */
  void create() throws LinuxException {
    check(config(CMD_CREATE, 0, 0), "FSCONFIG_CMD_CREATE");
  }

  /** A detached mount of the file system. The caller closes it. */
  Fd mount(Set<MountFlag> flags) throws LinuxException {
    long result = Kernel.call(Syscall.FSMOUNT, fd.number(), CLOEXEC, MountFlag.attributes(flags));
    if (result < 0) {
      throw new LinuxException("fsmount " + type + " " + flags, (int) -result, log());
    }
    return Fd.owning((int) result);
  }

  private long config(int command, long key, long value) {
    return Kernel.call(Syscall.FSCONFIG, fd.number(), command, key, value, 0);
  }

  private void check(long result, String what) throws LinuxException {
    if (result < 0) {
      throw new LinuxException("fsconfig " + type + " " + what, (int) -result, log());
    }
  }

  /**
   * What the file system says about the failure. Each read(2) gives one message, {@code e overlay:
   * …}, until ENODATA; overlayfs writes some of its reasons to the kernel log only.
   */
  private String log() {
    StringJoiner messages = new StringJoiner("; ");
    Scratch scratch = Scratch.get();
    while (true) {
      long length =
          Kernel.call(Syscall.READ, fd.number(), scratch.dataAddress(), Scratch.DATA_SIZE);
      if (length <= 0) {
        return messages.toString();
      }
      String message = Printable.of(trimmed(scratch.copy((int) length)));
      messages.add(message.replaceFirst("^[ewi] ", ""));
    }
  }

  private static byte[] trimmed(byte[] message) {
    int end = message.length;
    while (end > 0 && message[end - 1] == '\n') {
      end--;
    }
    return java.util.Arrays.copyOf(message, end);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    fd.close();
  }
}
