package io.jbuild.linux.mount;

import java.util.List;

/**
 * A new instance of a file system type, told by the type's name and options as fsconfig(2) takes
 * them.
 */
public sealed interface Filesystem extends Mount
    permits Overlay, Fuse, Tmpfs, Proc, Sysfs, DevPts, Mqueue, Cgroup2 {
  /** The kernel's name of the type: {@code overlay}. */
  String type();

  /** The options in the order in which they have to be set. */
  List<MountOption> options();

  /**
   * Whether the instance shows the namespaces of whoever makes it, so that it has to be made inside
   * the container and not by descriptor outside of it.
   */
  boolean showsNamespaces();
}
