package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.DevPts;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Mqueue;
import io.jbuild.linux.mount.Tmpfs;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
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
 * @param sharedMemoryBytes the size of /dev/shm
 */
public record FillDev(boolean bindDevices, long sharedMemoryBytes) implements SetupStep {
  private static final TreePath DEV = TreePath.parse("/dev");
  private static final long DEV_BYTES = 64 << 20;
  private static final long TTY_GROUP = 5;
  private static final int CHARACTER_DEVICE = 020666;
  private static final int REGULAR = 0100666;

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
    mount(out, "pts", new DevPts(OptionalLong.of(TTY_GROUP), 0620, 0666), quiet);
    mount(out, "shm", Tmpfs.ofBytes(sharedMemoryBytes, 01777), inert);
    mount(out, "mqueue", new Mqueue(), inert);
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
    ResultOf host =
        out.copyMount(what, OnError.FAIL, number(Assembly.AT_FDCWD), "/dev/" + device.file());
    out.calls().call(what, Syscall.MKNODAT, dev, text(device.file()), number(REGULAR), number(0));
    out.attach(
        what,
        OnError.FAIL,
        host,
        dev,
        device.file().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private static void mount(
      Assembly out, String name, Filesystem filesystem, Set<MountFlag> flags) {
    String what = "mount a file system on \"/dev/" + name + "\"";
    ResultOf mount = out.mount(filesystem, flags);
    out.makeDir(what, out.dev(), name, 0755);
    out.attach(
        what,
        OnError.FAIL,
        mount,
        out.dev(),
        name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }
}
