package io.jbuild.linux;

/** A device's numbers: 12 bits of major, 20 bits of minor. */
public record DeviceNumber(int major, int minor) {
  public static final DeviceNumber NONE = new DeviceNumber(0, 0);

  public DeviceNumber {
    if (major < 0 || major >= 1 << 12 || minor < 0 || minor >= 1 << 20) {
      throw new IllegalArgumentException("device number out of range: " + major + ":" + minor);
    }
  }

  static DeviceNumber of(int major, int minor) {
    return (major | minor) == 0 ? NONE : new DeviceNumber(major, minor);
  }

  /** As mknod(2) takes it; the same packing on every architecture. */
  public int packed() {
    return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
  }

  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
