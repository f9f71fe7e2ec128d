package io.jbuild.linux.spawn;

/** The namespaces that clone can make; a time namespace is only entered at exec, after unshare. */
public enum Namespace {
  MOUNT(0x00020000),
  CGROUP(0x02000000),
  UTS(0x04000000),
  IPC(0x08000000),
  USER(0x10000000),
  PID(0x20000000),
  NETWORK(0x40000000),
  TIME(0x00000080);

  private final int flag;

  Namespace(int flag) {
    this.flag = flag;
  }

  /** Its CLONE_NEW… bit. */
  public int flag() {
    return flag;
  }
}
