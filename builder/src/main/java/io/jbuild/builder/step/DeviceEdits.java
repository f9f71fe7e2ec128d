package io.jbuild.builder.step;

import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.DeviceNode;
import io.jbuild.isolation.cdi.Device;
import io.jbuild.isolation.cdi.Edits;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a step gets for its devices: nodes, mounts, variables and groups, by their files. */
record DeviceEdits(List<Device> devices, Origin origin) implements StepMount {
  private static final Set<String> PLAIN =
      Set.of("bind", "rbind", "rw", "private", "rprivate", "suid", "dev", "exec");

  DeviceEdits {
    devices = List.copyOf(devices);
  }

  /** What a command can see of them; what the host's files hold counts as little as a cache. */
  @Override
  public List<String> keyFields() {
    List<String> fields = new ArrayList<>(List.of("devices"));
    devices.forEach(device -> fields.add(device.name()));
    for (Edits edits : edits()) {
      fields.addAll(edits.environment());
      edits.nodes().forEach(node -> fields.add(node.path()));
      edits.mounts().forEach(mount -> fields.add(mount.containerPath()));
      edits.groups().forEach(group -> fields.add(group.toString()));
    }
    return fields;
  }

  /** What the devices of one file share comes once, before what is theirs. */
  private Set<Edits> edits() {
    Set<Edits> all = new LinkedHashSet<>();
    for (Device device : devices) {
      all.add(device.shared());
      all.add(device.own());
    }
    return all;
  }

  /** Refuses what no sandbox does, before anything is run. */
  void check() throws BuildfileException {
    for (Device device : devices) {
      for (Edits edits : List.of(device.shared(), device.own())) {
        if (!edits.impossible().isEmpty()) {
          throw origin.error(
              "device " + device.name() + " needs " + String.join(", ", edits.impossible()),
              "jbuild does not do that; take it out of " + device.file() + " if it can be spared");
        }
        check(device, edits);
      }
    }
  }

  private void check(Device device, Edits edits) throws BuildfileException {
    for (Edits.Node node : edits.nodes()) {
      if (!DeviceNode.isPlace(TreePath.parse(node.path()))) {
        throw refused(device, "\"" + node.path() + "\" is no place for a device");
      }
    }
    for (Edits.HostMount mount : edits.mounts()) {
      if (SimpleMounts.isSystem(TreePath.parse(mount.containerPath()))) {
        throw refused(device, "cannot mount on \"" + mount.containerPath() + "\"");
      }
      for (String option : mount.options()) {
        if (!PLAIN.contains(option) && flag(option) == null) {
          throw refused(device, "a mount with the option \"" + option + "\" cannot be made");
        }
      }
    }
  }

  private BuildfileException refused(Device device, String problem) {
    return origin.error("device " + device.name() + ": " + problem, "see " + device.file());
  }

  private static @org.jspecify.annotations.Nullable MountFlag flag(String option) {
    for (MountFlag flag : MountFlag.values()) {
      if (flag.toString().equals(option)) {
        return flag;
      }
    }
    return null;
  }

  @Override
  public void add(StepResources resources, Map<String, String> env)
      throws IOException, BuildfileException {
    try (KernelDir host = KernelDir.open(Path.of("/"))) {
      for (Edits edits : edits()) {
        for (String variable : edits.environment()) {
          int equals = variable.indexOf('=');
          env.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        for (Edits.Node node : edits.nodes()) {
          resources.device(owner -> node(node, owner.uid(), owner.gid()));
        }
        for (Edits.HostMount mount : edits.mounts()) {
          resources.mount(mount(host, mount, resources));
        }
        edits.groups().forEach(resources::group);
      }
    }
  }

  private MountPoint mount(KernelDir host, Edits.HostMount mount, StepResources resources)
      throws IOException, BuildfileException {
    Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    for (String option : mount.options()) {
      MountFlag flag = flag(option);
      if (flag != null) {
        flags.add(flag);
      }
    }
    try {
      Bind bind =
          new Bind(
              resources.keep(host.resolvePath(TreePath.parse(mount.hostPath().toString()))),
              mount.options().contains("rbind"));
      return new MountPoint(bind, TreePath.parse(mount.containerPath()), flags);
    } catch (LinuxException e) {
      throw origin.error("a device needs \"" + mount.hostPath() + "\": " + e.getMessage());
    }
  }

  /** As complete as its file, or else as the host's node is. */
  private DeviceNode node(Edits.Node node, long uid, long gid)
      throws IOException, BuildfileException {
    boolean complete =
        node.type().isPresent()
            && (!node.number().equals(DeviceNumber.NONE) || node.type().get() == FileType.FIFO);
    FileType type = node.type().orElse(FileType.CHARACTER_DEVICE);
    DeviceNumber number = node.number();
    int permissions = 0666;
    if (!complete) {
      FileStat found = stat(node);
      type = found.type();
      number = found.rdev();
      permissions = found.permissions() & 0777;
    }
    return new DeviceNode(
        TreePath.parse(node.path()),
        type,
        number,
        node.permissions().orElse(permissions),
        node.uid().orElse(uid),
        node.gid().orElse(gid),
        node.access());
  }

  private FileStat stat(Edits.Node node) throws IOException, BuildfileException {
    Path path = node.hostPath().normalize();
    Path parent = path.getParent();
    if (parent != null) {
      try (KernelDir directory = KernelDir.open(parent)) {
        FileStat found = directory.stat(TreePath.parse(path.toString()).name());
        boolean other = node.type().isPresent() && node.type().get() != found.type();
        if (!other && (found.type().isDevice() || found.type() == FileType.FIFO)) {
          return found;
        }
        throw origin.error("a device needs \"" + path + "\", which is a " + found.type());
      } catch (LinuxException e) {
        throw origin.error("a device needs \"" + path + "\": " + e.getMessage());
      }
    }
    throw origin.error("a device needs \"" + path + "\", which is no device");
  }
}
