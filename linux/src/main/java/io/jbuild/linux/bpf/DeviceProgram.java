package io.jbuild.linux.bpf;

import io.jbuild.linux.Fd;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program that decides on each use of a device by the processes of a control group: bpf(2), with
 * the type BPF_PROG_TYPE_CGROUP_DEVICE. Loading takes the capability BPF or SYS_ADMIN in the
 * initial user namespace.
 *
 * <p>An attached program stays with its group when this object is closed, and goes with the group.
 */
public final class DeviceProgram implements Closeable {
  private static final int LOAD = 5;
  private static final int ATTACH = 8;
  private static final int TYPE_CGROUP_DEVICE = 15;
  private static final int ATTACH_CGROUP_DEVICE = 6;

  /** The group's own program and those of the groups above all have to allow a use. */
  private static final int ALLOW_MULTI = 2;

  private static final int ATTRIBUTE_BYTES = 120;
  private static final int LOG_BYTES = 64 << 10;
  private static final int NAME_OFFSET = 48;
  private static final byte[] LICENSE = {'A', 'p', 'a', 'c', 'h', 'e', 0};
  private static final byte[] NAME = "jbuild_devices".getBytes(StandardCharsets.US_ASCII);

  private final Fd fd;

  private DeviceProgram(Fd fd) {
    this.fd = fd;
  }

  /** Has the kernel check and take a program. */
  public static DeviceProgram load(List<Instruction> instructions) throws LinuxException {
    long result = tryLoad(instructions, null);
    if (result >= 0) {
      return new DeviceProgram(Fd.owning((int) result));
    }
    ByteBuffer log = direct(LOG_BYTES); // the verifier writes only when it is asked to
    long again = tryLoad(instructions, log);
    if (again >= 0) {
      return new DeviceProgram(Fd.owning((int) again));
    }
    throw new LinuxException("bpf (BPF_PROG_LOAD, device program)", (int) -result, lastLine(log));
  }

  private static long tryLoad(
      List<Instruction> instructions, @org.jspecify.annotations.Nullable ByteBuffer log) {
    ByteBuffer program = direct(instructions.size() * Instruction.BYTES);
    instructions.forEach(instruction -> instruction.put(program));
    ByteBuffer license = direct(LICENSE.length).put(LICENSE);
    ByteBuffer attributes = direct(ATTRIBUTE_BYTES);
    attributes.putInt(0, TYPE_CGROUP_DEVICE).putInt(4, instructions.size());
    attributes.putLong(8, Scratch.address(program)).putLong(16, Scratch.address(license));
    if (log != null) {
      attributes.putInt(24, 1).putInt(28, LOG_BYTES).putLong(32, Scratch.address(log));
    }
    attributes.put(NAME_OFFSET, NAME);
    try {
      return Kernel.call(Syscall.BPF, LOAD, Scratch.address(attributes), ATTRIBUTE_BYTES);
    } finally {
      Reference.reachabilityFence(program);
      Reference.reachabilityFence(license);
      Reference.reachabilityFence(attributes);
      Reference.reachabilityFence(log);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private static String lastLine(ByteBuffer log) {
    byte[] bytes = new byte[LOG_BYTES];
    log.get(0, bytes);
    String text = new String(bytes, StandardCharsets.US_ASCII).replace("\0", "").trim();
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  /**
   * Attaches it to the version 2 group of an open directory, beside programs that others attached.
   */
  public void attach(Fd group) throws LinuxException {
    Scratch scratch = Scratch.get();
    ByteBuffer attributes = scratch.data();
    attributes.putInt(0, group.number()).putInt(4, fd.number());
    attributes.putInt(8, ATTACH_CGROUP_DEVICE).putInt(12, ALLOW_MULTI);
    long result = Kernel.call(Syscall.BPF, ATTACH, scratch.dataAddress(), 16);
    if (result < 0) {
      throw new LinuxException("bpf (BPF_PROG_ATTACH, " + group + ")", (int) -result);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
