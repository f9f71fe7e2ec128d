package io.jbuild.linux.mount;

import java.util.List;

/** Processes, of the PID namespace of whoever mounts it. */
public record Proc() implements Filesystem {
  @Override
  public String type() {
    return "proc";
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
