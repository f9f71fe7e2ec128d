package io.jbuild.linux.mount;

import java.util.List;

/** POSIX message queues, of the mounter's IPC namespace. */
public record Mqueue() implements Filesystem {
  @Override
  public String type() {
    return "mqueue";
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
