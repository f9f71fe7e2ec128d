package io.jbuild.isolation.cdi;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is changed in a container for a device.
 *
 * @param environment {@code NAME=value} each
 * @param groups supplementary groups of the process
 * @param impossible what is asked for that no sandbox does: {@code hooks}
 */
public record Edits(
    List<String> environment,
    List<Node> nodes,
    List<HostMount> mounts,
    List<Long> groups,
    List<String> impossible) {
  static final Edits NONE = new Edits(List.of(), List.of(), List.of(), List.of(), List.of());

  public Edits {
    environment = List.copyOf(environment);
    nodes = List.copyOf(nodes);
    mounts = List.copyOf(mounts);
    groups = List.copyOf(groups);
    impossible = List.copyOf(impossible);
  }

  /**
   * A device node; what is not given is that of the host's node.
   *
   * @param uid when neither this nor the user of the process is given, root
   * @param access for the control group: some of r, w and m, or nothing
   */
  public record Node(
      String path,
      Path hostPath,
      Optional<FileType> type,
      DeviceNumber number,
      OptionalInt permissions,
      OptionalLong uid,
      OptionalLong gid,
      String access) {}

  /** A file or directory of the host, bound. */
  public record HostMount(Path hostPath, String containerPath, List<String> options) {
    public HostMount {
      options = List.copyOf(options);
    }
  }
}
