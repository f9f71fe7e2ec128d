package io.jbuild.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A directory of a {@link MemoryTree}; it answers and fails as {@link KernelDir} does for root. */
public final class MemoryDir implements Dir {
  private static final int LONGEST_NAME = 255;

  private final MemoryTree tree;
  private final MemoryNode node;
  private boolean closed;

  MemoryDir(MemoryTree tree, MemoryNode node) {
    this.tree = tree;
    this.node = node;
    tree.opened(this);
  }

  /** Every operation comes through here, and may be told to fail. */
  private MemoryNode node() throws IOException {
    if (closed) {
      throw new IllegalStateException("directory is closed");
    }
    tree.step();
    return node;
  }

  @Override
  public FileStat stat() throws IOException {
    return node().stat();
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    requireLength("statx", name);
    return Optional.ofNullable(node().children.get(name)).map(MemoryNode::stat);
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return child("statx", name).stat();
  }

  @Override
  public List<Name> list() throws IOException {
    return new ArrayList<>(node().children.keySet());
  }

  @Override
  public MemoryDir open(Name name) throws IOException {
    return new MemoryDir(tree, directory("openat", name));
  }

  @Override
  public InputFile read(Name name) throws IOException {
    MemoryNode file = child("openat", name);
    switch (file.type) {
      case REGULAR -> {
        return new MemoryInputFile(file);
      }
      case SYMLINK -> throw failure("openat", name, Errno.ELOOP);
      default -> throw failure("read", name, Errno.EINVAL);
    }
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    MemoryNode link = child("readlinkat", name);
    if (link.type != FileType.SYMLINK) {
      throw failure("readlinkat", name, Errno.EINVAL);
    }
    return link.content.clone();
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    return child("llistxattr", name).copyOfXattrs();
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return node().copyOfXattrs();
  }

  @Override
  public MemoryDir makeDir(Name name, int permissions) throws IOException {
    MemoryNode made = add("mkdirat", name, FileType.DIRECTORY, permissions);
    made.links = 2;
    node.links++;
    return new MemoryDir(tree, made);
  }

  @Override
  public OutputFile create(Name name, int permissions) throws IOException {
    return new MemoryOutputFile(add("openat", name, FileType.REGULAR, permissions));
  }

  @Override
  public void symlink(Name name, byte[] target) throws IOException {
    if (target.length == 0) {
      throw failure("symlinkat", name, Errno.ENOENT);
    }
    if (target.length > 4095) {
      throw failure("symlinkat", name, Errno.ENAMETOOLONG);
    }
    add("symlinkat", name, FileType.SYMLINK, 0777).content = target.clone();
  }

  @Override
  public void link(Name name, Dir from, Name source) throws IOException {
    MemoryNode linked = ((MemoryDir) from).child("linkat", source);
    if (linked.tree != tree) {
      throw failure("linkat", name, Errno.EXDEV);
    }
    requireFree("linkat", name);
    if (linked.type == FileType.DIRECTORY) {
      throw failure("linkat", name, Errno.EPERM);
    }
    linked.links++;
    linked.changed();
    node.children.put(name, linked);
    node.modified();
  }

  @Override
  public void makeNode(Name name, FileType type, int permissions, DeviceNumber device)
      throws IOException {
    if (type == FileType.REGULAR || type == FileType.DIRECTORY || type == FileType.SYMLINK) {
      throw new IllegalArgumentException("mknod does not make a " + type);
    }
    MemoryNode made = add("mknodat", name, type, permissions);
    made.device = type.isDevice() ? device : DeviceNumber.NONE;
  }

  @Override
  public void unlink(Name name) throws IOException {
    MemoryNode gone = child("unlinkat", name);
    if (gone.type == FileType.DIRECTORY) {
      throw failure("unlinkat", name, Errno.EISDIR);
    }
    remove(name, gone);
  }

  @Override
  public void removeDir(Name name) throws IOException {
    MemoryNode gone = directory("unlinkat", name);
    if (!gone.children.isEmpty()) {
      throw failure("unlinkat", name, Errno.ENOTEMPTY);
    }
    remove(name, gone);
  }

  @Override
  public void removeTree(Name name) throws IOException {
    MemoryNode gone = child("unlinkat", name);
    for (List<MemoryNode> level = List.of(gone); !level.isEmpty(); ) {
      List<MemoryNode> below = new ArrayList<>();
      for (MemoryNode each : level) {
        below.addAll(each.children.values());
        each.children.values().forEach(child -> child.links--);
        each.children.clear();
      }
      level = below;
    }
    remove(name, gone);
  }

  private void remove(Name name, MemoryNode gone) {
    node.children.remove(name);
    node.modified();
    gone.changed();
    if (gone.type == FileType.DIRECTORY) {
      gone.links = 0;
      node.links--;
    } else {
      gone.links--;
    }
  }

  @Override
  public void rename(Name name, Dir to, Name target, boolean replace) throws IOException {
    MemoryNode moved = child("renameat2", name);
    MemoryDir other = (MemoryDir) to;
    other.requireLength("renameat2", target);
    if (other.tree != tree) {
      throw failure("renameat2", name, Errno.EXDEV);
    }
    MemoryNode replaced = other.node().children.get(target);
    if (replaced != null && !replace) {
      throw failure("renameat2", target, Errno.EEXIST);
    }
    if (contains(moved, other.node())) {
      throw failure("renameat2", name, Errno.EINVAL);
    }
    if (replaced == moved) {
      return;
    }
    if (replaced != null) {
      replace(other, target, moved, replaced);
    }
    node.children.remove(name);
    other.node.children.put(target, moved);
    if (moved.type == FileType.DIRECTORY) {
      node.links--;
      other.node.links++;
    }
    node.modified();
    other.node.modified();
    moved.changed();
  }

  /** The errors come in the kernel's order. */
  private void replace(MemoryDir other, Name target, MemoryNode moved, MemoryNode replaced)
      throws IOException {
    boolean intoDirectory = replaced.type == FileType.DIRECTORY;
    if (contains(replaced, node)) {
      throw failure("renameat2", target, Errno.ENOTEMPTY);
    }
    if (intoDirectory != (moved.type == FileType.DIRECTORY)) {
      throw failure("renameat2", target, intoDirectory ? Errno.EISDIR : Errno.ENOTDIR);
    }
    if (!replaced.children.isEmpty()) {
      throw failure("renameat2", target, Errno.ENOTEMPTY);
    }
    other.remove(target, replaced);
  }

  private static boolean contains(MemoryNode tree, MemoryNode wanted) {
    return tree == wanted || tree.children.values().stream().anyMatch(c -> contains(c, wanted));
  }

  @Override
  public void setOwner(Name name, long uid, long gid) throws IOException {
    child("fchownat", name).setOwner(uid, gid);
  }

  @Override
  public void setPermissions(Name name, int permissions) throws IOException {
    MemoryNode changed = child("fchmodat2", name);
    if (changed.type == FileType.SYMLINK) {
      throw failure("fchmodat2", name, Errno.EOPNOTSUPP);
    }
    changed.setPermissions(permissions);
  }

  @Override
  public void setTimes(Name name, Timestamp modified) throws IOException {
    child("utimensat", name).setTimes(modified);
  }

  @Override
  public void setXattr(Name name, String attribute, byte[] value) throws IOException {
    child("lsetxattr", name).setXattr(attribute, value);
  }

  @Override
  public void removeXattr(Name name, String attribute) throws IOException {
    if (child("lremovexattr", name).xattrs.remove(attribute) == null) {
      throw failure("lremovexattr", name, Errno.ENODATA);
    }
  }

  @Override
  public void setOwner(long uid, long gid) throws IOException {
    node().setOwner(uid, gid);
  }

  @Override
  public void setPermissions(int permissions) throws IOException {
    node().setPermissions(permissions);
  }

  @Override
  public void setTimes(Timestamp modified) throws IOException {
    node().setTimes(modified);
  }

  @Override
  public void setXattr(String attribute, byte[] value) throws IOException {
    node().setXattr(attribute, value);
  }

  @Override
  public void removeXattr(String attribute) throws IOException {
    if (node().xattrs.remove(attribute) == null) {
      throw new LinuxException("fremovexattr \"" + attribute + '"', Errno.ENODATA);
    }
  }

  @Override
  public void sync() throws IOException {
    MemoryNode unused = node();
  }

  @Override
  public void close() {
    closed = true;
    tree.closed(this);
  }

  private MemoryNode add(String call, Name name, FileType type, int permissions)
      throws IOException {
    requireFree(call, name);
    MemoryNode made = new MemoryNode(tree, type, 0);
    made.setPermissions(permissions);
    if ((node.permissions & 02000) != 0) {
      made.gid = node.gid; // a set-group-id directory hands its group on
    }
    node.children.put(name, made);
    node.modified();
    return made;
  }

  private void requireFree(String call, Name name) throws IOException {
    requireLength(call, name);
    if (node().links == 0) {
      throw failure(call, name, Errno.ENOENT);
    }
    if (node().children.containsKey(name)) {
      throw failure(call, name, Errno.EEXIST);
    }
  }

  private MemoryNode child(String call, Name name) throws IOException {
    requireLength(call, name);
    MemoryNode found = node().children.get(name);
    if (found == null) {
      throw failure(call, name, Errno.ENOENT);
    }
    return found;
  }

  private MemoryNode directory(String call, Name name) throws IOException {
    MemoryNode found = child(call, name);
    if (found.type != FileType.DIRECTORY) {
      throw failure(call, name, Errno.ENOTDIR);
    }
    return found;
  }

  private void requireLength(String call, Name name) throws IOException {
    if (name.length() > LONGEST_NAME) {
      throw failure(call, name, Errno.ENAMETOOLONG);
    }
  }

  private LinuxException failure(String call, Name name, Errno errno) {
    return new LinuxException(call + " \"" + name + "\" in memory", errno);
  }
}
