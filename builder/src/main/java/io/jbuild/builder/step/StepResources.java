package io.jbuild.builder.step;

import io.jbuild.isolation.SandboxFile;
import io.jbuild.linux.mount.MountPoint;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the mounts of one step hold open until it ends: descriptors, locks, directories to discard.
 */
public final class StepResources implements Closeable {
  private final List<MountPoint> mounts = new ArrayList<>();
  private final List<SandboxFile> files = new ArrayList<>();
  private final Deque<Closeable> open = new ArrayDeque<>();

  public void mount(MountPoint mount) {
    mounts.add(mount);
  }

  public void file(SandboxFile file) {
    files.add(file);
  }

  /** Closed when the step ends, the last one first. */
  public <T extends Closeable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  List<MountPoint> mounts() {
    return mounts;
  }

  List<SandboxFile> files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    @Nullable IOException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
