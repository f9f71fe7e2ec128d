package io.jbuild.linux.mount;

import java.util.List;

/** Control groups v2, as the mounter's cgroup namespace shows them. */
public record Cgroup2() implements Filesystem {
  @Override
  public String type() {
    return "cgroup2";
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
