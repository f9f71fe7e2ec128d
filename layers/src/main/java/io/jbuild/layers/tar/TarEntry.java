package io.jbuild.layers.tar;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Timestamp;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry of an archive. Numbers are in range (IDs fit {@code uid_t} without its all-ones value,
 * permissions are {@code 07777}); names are bytes as the archive has them, which may be absolute or
 * climb.
 */
public final class TarEntry {
  /** The largest user or group ID: {@code (uid_t) -1} means "leave as it is" to chown(2). */
  public static final long MAX_ID = 0xFFFF_FFFEL;

  private static final byte[] NONE = {};
  private static final Timestamp EPOCH = new Timestamp(0, 0);
  private static final DeviceNumber NO_DEVICE = new DeviceNumber(0, 0);

  private final TarType type;
  private final byte[] name;
  private final byte[] linkTarget;
  private final int permissions;
  private final long uid;
  private final long gid;
  private final long size;
  private final Timestamp modified;
  private final DeviceNumber device;
  private final SortedMap<String, byte[]> xattrs;

  private TarEntry(Builder b) {
    type = b.type;
    name = b.name;
    linkTarget = b.linkTarget;
    permissions = b.permissions;
    uid = b.uid;
    gid = b.gid;
    size = b.size;
    modified = b.modified;
    device = b.device;
    xattrs = b.xattrs;
    requireValid();
  }

  private void requireValid() {
    if (name.length == 0 || (permissions & ~07777) != 0 || size < 0) {
      throw new IllegalArgumentException("tar entry " + this);
    }
    if (uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID) {
      throw new IllegalArgumentException("tar entry " + this + ": owner " + uid + ":" + gid);
    }
    if (type.isLink() != linkTarget.length > 0 || (type != TarType.REGULAR && size != 0)) {
      throw new IllegalArgumentException("tar entry " + this + ": link target or size");
    }
  }

  public static Builder of(TarType type, byte[] name) {
    return new Builder(type, name);
  }

  public TarType type() {
    return type;
  }

  /** As the archive has it: a directory's may end in a slash. */
  public byte[] name() {
    return name.clone();
  }

  /** Empty unless this is a link. */
  public byte[] linkTarget() {
    return linkTarget.clone();
  }

  public int permissions() {
    return permissions;
  }

  public long uid() {
    return uid;
  }

  public long gid() {
    return gid;
  }

  /** Bytes of content that follow, holes included. */
  public long size() {
    return size;
  }

  public Timestamp modified() {
    return modified;
  }

  public DeviceNumber device() {
    return device;
  }

  /** Names as latin-1 strings; values are not copied again. */
  public SortedMap<String, byte[]> xattrs() {
    return xattrs;
  }

  byte[] rawName() {
    return name;
  }

  byte[] rawLinkTarget() {
    return linkTarget;
  }

  @Override
  public String toString() {
    return type + " " + Quoted.of(name);
  }

  /** Collects an entry; without further calls it is empty, root's, mode 0 and from 1970. */
  public static final class Builder {
    private final TarType type;
    private final byte[] name;
    private byte[] linkTarget = NONE;
    private int permissions;
    private long uid;
    private long gid;
    private long size;
    private Timestamp modified = EPOCH;
    private DeviceNumber device = NO_DEVICE;
    private SortedMap<String, byte[]> xattrs = Collections.emptySortedMap();

    private Builder(TarType type, byte[] name) {
      this.type = type;
      this.name = Arrays.copyOf(name, name.length);
    }

    public Builder linkTarget(byte[] target) {
      linkTarget = target.clone();
      return this;
    }

    public Builder permissions(int value) {
      permissions = value;
      return this;
    }

    public Builder owner(long user, long group) {
      uid = user;
      gid = group;
      return this;
    }

    public Builder size(long bytes) {
      size = bytes;
      return this;
    }

    public Builder modified(Timestamp time) {
      modified = time;
      return this;
    }

    public Builder device(DeviceNumber number) {
      device = number;
      return this;
    }

    public Builder xattrs(SortedMap<String, byte[]> values) {
      xattrs =
          values.isEmpty()
              ? Collections.emptySortedMap()
              : Collections.unmodifiableSortedMap(new TreeMap<>(values));
      return this;
    }

    public TarEntry build() {
      return new TarEntry(this);
    }
  }
}
