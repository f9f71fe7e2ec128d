package io.jbuild.overlay;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;

/**
 * A directory to look at: trying to change it is a bug of the caller, not an error of the world.
 */
public abstract class ReadOnlyDir implements Dir {
  private UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("change below a read-only view: " + this);
  }

  @Override
  public final Dir makeDir(Name name, int permissions) {
    throw readOnly();
  }

  @Override
  public final OutputFile create(Name name, int permissions) {
    throw readOnly();
  }

  @Override
  public final void symlink(Name name, byte[] target) {
    throw readOnly();
  }

  @Override
  public final void link(Name name, Dir from, Name source) {
    throw readOnly();
  }

  @Override
  public final void makeNode(Name name, FileType type, int permissions, DeviceNumber device) {
    throw readOnly();
  }

  @Override
  public final void unlink(Name name) {
    throw readOnly();
  }

  @Override
  public final void removeDir(Name name) {
    throw readOnly();
  }

  @Override
  public final void removeTree(Name name) {
    throw readOnly();
  }

  @Override
  public final void rename(Name name, Dir to, Name target, boolean replace) {
    throw readOnly();
  }

  @Override
  public final void setOwner(Name name, long uid, long gid) {
    throw readOnly();
  }

  @Override
  public final void setPermissions(Name name, int permissions) {
    throw readOnly();
  }

  @Override
  public final void setTimes(Name name, Timestamp modified) {
    throw readOnly();
  }

  @Override
  public final void setXattr(Name name, String key, byte[] value) {
    throw readOnly();
  }

  @Override
  public final void removeXattr(Name name, String key) {
    throw readOnly();
  }

  @Override
  public final void setOwner(long uid, long gid) {
    throw readOnly();
  }

  @Override
  public final void setPermissions(int permissions) {
    throw readOnly();
  }

  @Override
  public final void setTimes(Timestamp modified) {
    throw readOnly();
  }

  @Override
  public final void setXattr(String key, byte[] value) {
    throw readOnly();
  }

  @Override
  public final void removeXattr(String key) {
    throw readOnly();
  }

  @Override
  public final void sync() {
    throw readOnly();
  }
}
