package io.jbuild.builder.step;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.DeviceNode;
import io.jbuild.isolation.SandboxFile;
import io.jbuild.isolation.User;
import io.jbuild.linux.Closing;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountPoint;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the mounts of one step hold open until it ends: descriptors, locks, directories to discard.
 */
public final class StepResources implements Closeable {
  private final List<MountPoint> mounts = new ArrayList<>();
  private final List<SandboxFile> files = new ArrayList<>();
  private final List<DeviceMaker> devices = new ArrayList<>();
  private final List<Long> groups = new ArrayList<>();
  private final Map<String, LockFile.Mode> locks = new HashMap<>();
  private final Closing open = new Closing();
  private boolean hasAgent;

  /** Makes a device's node once it is known who the command runs as. */
  @FunctionalInterface
  public interface DeviceMaker {
    DeviceNode make(User owner) throws IOException, BuildfileException;
  }

  public void mount(MountPoint mount) {
    mounts.add(mount);
  }

  public void file(SandboxFile file) {
    files.add(file);
  }

  public void device(DeviceMaker device) {
    devices.add(device);
  }

  /** Whether no agent was there before: a step's variable names the first one. */
  boolean isFirstAgent() {
    boolean first = !hasAgent;
    hasAgent = true;
    return first;
  }

  /** A supplementary group of the command. */
  public void group(long group) {
    groups.add(group);
  }

  /** Notes a lock before it is taken; false where this step would wait for itself. */
  boolean locks(String name, LockFile.Mode mode) {
    LockFile.Mode before = locks.put(name, mode);
    return before == null || (before == LockFile.Mode.SHARED && mode == LockFile.Mode.SHARED);
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

  /** The last one of a path counts. */
  List<DeviceNode> devices(User owner) throws IOException, BuildfileException {
    Map<TreePath, DeviceNode> nodes = new TreeMap<>();
    for (DeviceMaker device : devices) {
      DeviceNode node = device.make(owner);
      nodes.put(node.path(), node);
    }
    return List.copyOf(nodes.values());
  }

  /** The user with the groups that were added. */
  User withGroups(User user) {
    List<Long> all = new ArrayList<>(user.groups());
    groups.stream().filter(group -> group != 0).forEach(all::add);
    return new User(user.uid(), user.gid(), all);
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
