package io.jbuild.isolation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Self;
import io.jbuild.linux.mount.Overlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root file system of busybox, as a lower directory that tests put a writable one over. */
final class Rootfs {
  static final Path BUSYBOX = Path.of("/bin/busybox");

  private static final String APPLETS =
      "sh ls cat echo id hostname ip ps mount umount mknod touch rm mkdir rmdir ln sleep kill true"
          + " false stat readlink head tail dd env pwd yes wc grep chroot unshare setpriv sync seq"
          + " nc test printf chmod chown mv cp find sort tr cut trap sysctl od";

  private final Path directory;
  private int uppers;

  private Rootfs(Path directory) {
    this.directory = directory;
  }

  /** Skips the test, and says so, where it cannot run. */
  static Rootfs make(Path directory) throws IOException {
    assumeTrue(Self.isRoot(), "SKIPPED: sandboxes are made by root");
    assumeTrue(Files.isExecutable(BUSYBOX), "SKIPPED: no static " + BUSYBOX);
    Path lower = directory.resolve("lower");
    for (String name : List.of("bin", "etc", "tmp", "root")) {
      Files.createDirectories(lower.resolve(name));
    }
    Files.copy(BUSYBOX, lower.resolve("bin/busybox"));
    for (String applet : APPLETS.split(" ", -1)) {
      Files.createSymbolicLink(lower.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.writeString(lower.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
    return new Rootfs(directory);
  }

  /** One that has been made already. */
  static Rootfs of(Path directory) {
    return new Rootfs(directory);
  }

  Path lower() {
    return directory.resolve("lower");
  }

  /** The upper directory of the overlay that was made last. */
  synchronized Path upper() {
    return directory.resolve("upper" + uppers);
  }

  /** A new overlay with an empty upper directory. */
  synchronized Overlay overlay() throws IOException {
    uppers++;
    Path work = directory.resolve("work" + uppers);
    Files.createDirectories(upper());
    Files.createDirectories(work);
    return Overlay.writable(List.of(lower()), upper(), work, false);
  }
}
