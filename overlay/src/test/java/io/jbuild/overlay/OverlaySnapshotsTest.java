package io.jbuild.overlay;

import java.nio.file.Path;

class OverlaySnapshotsTest extends SnapshotsContract {
  @Override
  Snapshots snapshots(Path empty) {
    return new OverlaySnapshots(empty);
  }
}
