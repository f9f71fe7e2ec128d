package io.jbuild.linux.mount;

import java.util.List;

/** The kernel's objects, with the devices of the mounter's network namespace. */
public record Sysfs() implements Filesystem {
  @Override
  public String type() {
    return "sysfs";
  }

  @Override
  public List<MountOption> options() {
    return List.of();
  }

  @Override
  public boolean showsNamespaces() {
    return true;
  }
}
