package io.jbuild.overlay;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CopySnapshotsTest extends SnapshotsContract {
  @Override
  Snapshots snapshots(Path empty) throws IOException {
    Path places = Files.createDirectory(empty.resolveSibling("copies"));
    return new CopySnapshots(empty, places, CopySnapshotsTest::remove);
  }

  static void remove(Path directory) throws IOException {
    try (KernelDir parent = KernelDir.open(directory.resolveSibling("."))) {
      parent.removeTree(Name.of(directory.getFileName().toString()));
    }
  }
}
