package io.jbuild.builder.step;

import io.jbuild.isolation.SandboxFile;
import io.jbuild.linux.Closing;
import io.jbuild.linux.mount.MountPoint;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the mounts of one step hold open until it ends: descriptors, locks, directories to discard.
 */
public final class StepResources implements Closeable {
  private final List<MountPoint> mounts = new ArrayList<>();
  private final List<SandboxFile> files = new ArrayList<>();
  private final Closing open = new Closing();

  public void mount(MountPoint mount) {
    mounts.add(mount);
  }

  public void file(SandboxFile file) {
    files.add(file);
  }

  /** Closed when the step ends, the last one first. */
  public <T extends Closeable> T keep(T resource) {
    return open.add(resource);
  }

  List<MountPoint> mounts() {
    return mounts;
  }

  List<SandboxFile> files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
