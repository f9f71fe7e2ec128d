package io.jbuild.linux;

import java.util.SortedMap;
import java.util.TreeMap;

/** An inode of a {@link MemoryTree}. */
final class MemoryNode {
  final MemoryTree tree;
  final FileType type;
  final long inode;
  final SortedMap<Name, MemoryNode> children = new TreeMap<>();
  final SortedMap<String, byte[]> xattrs = new TreeMap<>();
  int permissions;
  long uid;
  long gid;
  long links = 1;
  byte[] content = {};
  Timestamp modified;
  Timestamp changed;
  DeviceNumber device = DeviceNumber.NONE;

  MemoryNode(MemoryTree tree, FileType type, int permissions) {
    this.tree = tree;
    this.type = type;
    this.permissions = permissions;
    this.inode = tree.nextInode();
    this.modified = tree.now();
    this.changed = modified;
  }

  FileStat stat() {
    long size = type == FileType.REGULAR || type == FileType.SYMLINK ? content.length : 0;
    return new FileStat(
        type, permissions, uid, gid, size, modified, changed, inode, tree.device(), links, device);
  }

  void changed() {
    changed = tree.now();
  }

  void modified() {
    modified = tree.now();
    changed = modified;
  }

  /** As chown(2): a new owner does not inherit set-id bits of a file that can be executed. */
  void setOwner(long newUid, long newGid) {
    uid = Ids.checked(newUid);
    gid = Ids.checked(newGid);
    if (type != FileType.DIRECTORY) {
      permissions &= (permissions & 010) != 0 ? ~06000 : ~04000;
    }
    changed();
  }

  void setPermissions(int newPermissions) {
    if ((newPermissions & ~07777) != 0) {
      throw new IllegalArgumentException("permissions out of range: " + newPermissions);
    }
    permissions = newPermissions;
    changed();
  }

  void setTimes(Timestamp time) {
    modified = time;
    changed();
  }

  void setXattr(String attribute, byte[] value) {
    byte[] unused = Xattrs.latin1(attribute);
    xattrs.put(attribute, value.clone());
    changed();
  }

  SortedMap<String, byte[]> copyOfXattrs() {
    SortedMap<String, byte[]> copy = new TreeMap<>();
    xattrs.forEach((attribute, value) -> copy.put(attribute, value.clone()));
    return copy;
  }
}
