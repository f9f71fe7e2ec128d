package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Errno;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.DevPts;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Mqueue;
import io.jbuild.linux.mount.Tmpfs;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Puts a /dev of our own over the image's: a few harmless devices, terminals, shared memory and
 * message queues of the sandbox alone.
 *
 * @param bindDevices whether devices are bound from the host's /dev, because mknod is refused in a
 *     user namespace
 * @param ttyGroup whether the group of terminals exists, which has the same number in all images
 * @param sharedMemoryBytes the size of /dev/shm
 * @param nodes what else is there; directories above them are made
 */
public record FillDev(
    boolean bindDevices, boolean ttyGroup, long sharedMemoryBytes, List<Node> nodes)
    implements SetupStep {
  /** The group of terminals: tty. */
  public static final long TTY_GROUP = 5;

  private static final TreePath DEV = TreePath.parse("/dev");
  private static final long DEV_BYTES = 64 << 20;
  private static final int CHARACTER_DEVICE = 020666;
  private static final int REGULAR = 0100666;
  private static final int FIFO = 0010000;
  private static final int TYPE = 0170000;
  private static final OnError PRESENT = OnError.tolerate(Errno.EEXIST.number());

  /**
   * A node of the caller's.
   *
   * @param mode its type and permissions
   */
  public record Node(TreePath path, int mode, DeviceNumber number, long uid, long gid) {}

  public FillDev {
    nodes = List.copyOf(nodes);
  }

  private enum Device {
    NULL(1, 3),
    ZERO(1, 5),
    FULL(1, 7),
    RANDOM(1, 8),
    URANDOM(1, 9),
    TTY(5, 0);

    private final int number;

    Device(int major, int minor) {
      number = major << 8 | minor;
    }

    String file() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private record Link(String name, String target) {}

  private static final List<Link> LINKS =
      List.of(
          new Link("fd", "/proc/self/fd"),
          new Link("stdin", "/proc/self/fd/0"),
          new Link("stdout", "/proc/self/fd/1"),
          new Link("stderr", "/proc/self/fd/2"),
          new Link("ptmx", "pts/ptmx"));

  @Override
  public void compile(Assembly out) {
    String what = "mount a file system on \"/dev\"";
    ResultOf dev = out.mount(Tmpfs.ofBytes(DEV_BYTES, 0755), EnumSet.of(MountFlag.NO_SUID));
    out.attach(what, dev, out.openPlainInRoot(what, DEV));
    out.dev(dev);
    for (Device device : Device.values()) {
      make(out, dev, device);
    }
    for (Link link : LINKS) {
      String words = "make the link /dev/" + link.name();
      out.calls().call(words, Syscall.SYMLINKAT, text(link.target()), dev, text(link.name()));
    }
    Set<MountFlag> quiet = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC);
    Set<MountFlag> inert = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
    OptionalLong group = ttyGroup ? OptionalLong.of(TTY_GROUP) : OptionalLong.empty();
    mount(out, "pts", new DevPts(group, 0620, 0666), quiet);
    mount(out, "shm", Tmpfs.ofBytes(sharedMemoryBytes, 01777), inert);
    mount(out, "mqueue", new Mqueue(), inert);
    nodes.forEach(node -> make(out, dev, node));
  }

  /** Nothing but what this step makes is in there, so no link can lead a name elsewhere. */
  private void make(Assembly out, ResultOf dev, Node node) {
    String what = "make the device " + node.path();
    List<Name> names = node.path().names();
    for (int depth = 2; depth < names.size(); depth++) {
      Argument.Buffer directory = text(below(names.subList(1, depth)));
      out.calls().call(what, PRESENT, Syscall.MKDIRAT, dev, directory, number(0755));
    }
    byte[] relative = below(names.subList(1, names.size()));
    if (bindDevices && (node.mode() & TYPE) != FIFO) {
      bind(out, what, dev, relative);
      return;
    }
    Argument.Buffer path = text(relative);
    long device = Integer.toUnsignedLong(node.number().packed());
    out.calls().call(what, Syscall.MKNODAT, dev, path, number(node.mode()), number(device));
    if (node.uid() != 0 || node.gid() != 0) {
      out.calls()
          .call(
              what, Syscall.FCHOWNAT, dev, path, number(node.uid()), number(node.gid()), number(0));
    }
  }

  private static byte[] below(List<Name> names) {
    byte[] absolute = TreePath.of(names).bytes();
    return Arrays.copyOfRange(absolute, 1, absolute.length);
  }

  private void make(Assembly out, ResultOf dev, Device device) {
    String what = "make the device /dev/" + device.file();
    if (!bindDevices) {
      out.calls()
          .call(
              what,
              Syscall.MKNODAT,
              dev,
              text(device.file()),
              number(CHARACTER_DEVICE),
              number(device.number));
      return;
    }
    bind(out, what, dev, device.file().getBytes(StandardCharsets.US_ASCII));
  }

  /** Shows the host's device of the same name. */
  private static void bind(Assembly out, String what, ResultOf dev, byte[] name) {
    String path = "/dev/" + new String(name, StandardCharsets.UTF_8);
    ResultOf host = out.copyMount(what, OnError.FAIL, number(Assembly.AT_FDCWD), path);
    out.calls().call(what, Syscall.MKNODAT, dev, text(name), number(REGULAR), number(0));
    out.attach(what, OnError.FAIL, host, dev, name);
  }

  private static void mount(
      Assembly out, String name, Filesystem filesystem, Set<MountFlag> flags) {
    String what = "mount a file system on \"/dev/" + name + "\"";
    ResultOf mount = out.mount(filesystem, flags);
    out.makeDir(what, out.dev(), name, 0755);
    out.attach(what, OnError.FAIL, mount, out.dev(), name.getBytes(StandardCharsets.US_ASCII));
  }
}
