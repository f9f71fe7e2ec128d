package io.jbuild.overlay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

class FuseSnapshotsTest extends SnapshotsContract {
  private static final Path PROGRAM = Path.of("/usr/bin/fuse-overlayfs");

  @Override
  Snapshots snapshots(Path empty) {
    assumeTrue(Files.isExecutable(PROGRAM), "fuse-overlayfs is not installed: skipped");
    assumeTrue(Files.isReadable(Path.of("/dev/fuse")), "there is no /dev/fuse: skipped");
    return new FuseSnapshots(PROGRAM, empty);
  }
}
