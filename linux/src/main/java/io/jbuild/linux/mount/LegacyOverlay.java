package io.jbuild.linux.mount;

import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Overlay mounts before Linux 6.7: mount(2) with one string of options.
 *
 * <p>mount(2) cuts more than 4,095 bytes of options without an error, and a layer is missing. So
 * the directories are named by descriptor, which is short and needs no escapes, a string that is
 * still too long is refused, and the lowers are counted afterwards. mount(2) knows no detached
 * mounts: the mount is made at a directory of our own, cloned by descriptor and detached from
 * there.
 */
final class LegacyOverlay {
  private static final int LONGEST_OPTIONS = 4000;

  private final List<KernelDir> held = new ArrayList<>();
  private final StringBuilder options = new StringBuilder();

  private LegacyOverlay() {}

  static Fd openDetached(Overlay overlay, Set<MountFlag> flags, Optional<MountOption> more)
      throws IOException {
    LegacyOverlay legacy = new LegacyOverlay();
    try {
      more.ifPresent(legacy::describe);
      legacy.describe(overlay);
      return legacy.mountAndClone(overlay.lowers().size(), flags);
    } finally {
      legacy.held.forEach(KernelDir::close);
    }
  }

  /** An option whose value may have commas. */
  private void describe(MountOption option) {
    options.append(option.toString().replaceFirst("=(.*)", "=\"$1\"")).append(',');
  }

  private void describe(Overlay overlay) throws IOException {
    for (MountOption option : overlay.features()) {
      options.append(option).append(',');
    }
    char separator = '=';
    options.append("lowerdir");
    for (Path lower : overlay.lowers()) {
      options.append(separator).append(byDescriptor(lower));
      separator = ':';
    }
    if (overlay.upper().isPresent() && overlay.work().isPresent()) {
      options.append(",upperdir=").append(byDescriptor(overlay.upper().get()));
      options.append(",workdir=").append(byDescriptor(overlay.work().get()));
    }
    if (options.length() > LONGEST_OPTIONS) {
      throw new IOException(
          "mount overlay: this kernel takes "
              + LONGEST_OPTIONS
              + " bytes of options, and "
              + overlay.lowers().size()
              + " layers need "
              + options.length()
              + "; Linux 6.7 takes "
              + Overlay.MAX_LOWERS
              + " layers");
    }
  }

  private String byDescriptor(Path path) throws IOException {
    KernelDir dir = KernelDir.open(path);
    held.add(dir);
    return "/proc/self/fd/" + dir.fd().number();
  }

  private Fd mountAndClone(int lowers, Set<MountFlag> flags) throws IOException {
    Path place = Files.createTempDirectory("jbuild-overlay");
    try {
      mount(place);
      return cloneFrom(place, lowers, flags);
    } finally {
      boolean unused = MountApi.detach(place);
      Files.delete(place);
    }
  }

  private void mount(Path place) throws LinuxException {
    Scratch scratch = Scratch.get();
    byte[] type = "overlay\0".getBytes(StandardCharsets.US_ASCII);
    byte[] data = options.append('\0').toString().getBytes(StandardCharsets.US_ASCII);
    scratch.data().put(type).put(data);
    long name = scratch.dataAddress();
    long target = scratch.string(PathBytes.of(place));
    long result = Kernel.call(Syscall.MOUNT, name, target, name, 0, name + type.length);
    if (result < 0) {
      throw new LinuxException(
          "mount overlay on \"" + place + "\" (" + options.toString().trim() + ")", (int) -result);
    }
  }

  private static Fd cloneFrom(Path place, int lowers, Set<MountFlag> flags) throws IOException {
    requireLowers(place, lowers);
    try (KernelDir mounted = KernelDir.open(place)) {
      Fd tree = MountApi.cloneTree(mounted.fd(), false);
      try {
        MountApi.change(tree, flags, Set.of(), false);
        return tree;
      } catch (IOException e) {
        tree.close();
        throw e;
      }
    }
  }

  private static void requireLowers(Path place, int wanted) throws IOException {
    String line = "";
    for (String each : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      line = each.contains(" " + place + " ") ? each : line;
    }
    int counted = 0;
    for (String option : line.substring(line.lastIndexOf(' ') + 1).split(",", -1)) {
      if (option.startsWith("lowerdir=")) {
        counted = option.split(":", -1).length;
      }
    }
    if (counted != wanted) {
      throw new IOException(
          "mount overlay: "
              + wanted
              + " lower directories were given, "
              + counted
              + " are mounted");
    }
  }
}
