package io.jbuild.linux.mount;

import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.Self;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes overlay mounts.
 *
 * <p>Since Linux 6.7 every lower is handed over by a call of its own ({@code lowerdir+}), so none
 * can get lost on the way: each call either adds exactly this directory or fails, and the number of
 * lowers is the number of calls. (It cannot be asked for afterwards: statmount(2) and {@code
 * mountinfo} know attached mounts only.) Older kernels have one string for all, see {@link
 * LegacyOverlay}.
 */
final class OverlayMounter implements Closeable {
  private final List<KernelDir> held = new ArrayList<>();

  private OverlayMounter() {}

  static Fd openDetached(Overlay overlay, Set<MountFlag> flags, Optional<MountOption> more)
      throws IOException {
    return Self.kernelIsAtLeast(6, 7)
        ? openModern(overlay, flags, more)
        : LegacyOverlay.openDetached(overlay, flags, more);
  }

  private static Fd openModern(Overlay overlay, Set<MountFlag> flags, Optional<MountOption> more)
      throws IOException {
    try (OverlayMounter names = new OverlayMounter();
        FsContext context = FsContext.open(overlay.type())) {
      for (MountOption option : overlay.features()) {
        context.set(option);
      }
      if (more.isPresent()) {
        context.set(more.get());
      }
      for (Path lower : overlay.lowers()) {
        context.set(names.directory("lowerdir+", lower));
      }
      if (overlay.upper().isPresent() && overlay.work().isPresent()) {
        context.set(names.directory("upperdir", overlay.upper().get()));
        context.set(names.directory("workdir", overlay.work().get()));
      }
      context.create();
      return context.mount(flags);
    }
  }

  /** A path too long for fsconfig(2) goes by a descriptor that is held until the mount is made. */
  private MountOption directory(String key, Path path) throws IOException {
    byte[] bytes = PathBytes.of(path);
    if (bytes.length > FsContext.LONGEST_VALUE) {
      KernelDir dir = KernelDir.open(path);
      held.add(dir);
      bytes = ("/proc/self/fd/" + dir.fd().number()).getBytes(StandardCharsets.US_ASCII);
    }
    return new MountOption.Text(key, bytes);
  }

  @Override
  public void close() {
    held.forEach(KernelDir::close);
  }
}
