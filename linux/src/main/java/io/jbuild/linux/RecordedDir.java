package io.jbuild.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A directory whose files are all root's for the kernel, and which says of each what it is to be in
 * an image. The record goes with the file, also when overlayfs copies it up:
 *
 * <ul>
 *   <li>{@code user.jbuild.owner}, of files and directories: {@code 33:33};
 *   <li>{@code user.jbuild.device}, of an empty file that stands for a device, which only the
 *       machine's root can make: {@code c 1:3};
 *   <li>{@code user.jbuild.acl_access} and {@code …_default}: an access list that names users who
 *       do not exist here.
 * </ul>
 *
 * <p>Nothing above this class sees these attributes. Symbolic links, FIFOs and sockets can have
 * none, their owners are in the {@link OwnerTable} of the tree.
 */
final class RecordedDir implements Dir {
  private static final String PREFIX = "user.jbuild.";
  private static final String OWNER = PREFIX + "owner";
  private static final String DEVICE = PREFIX + "device";
  private static final String ACL = "system.posix_acl_";
  private static final String RECORDED_ACL = PREFIX + "acl_";

  private final KernelDir dir;
  private final TreePath path;
  private final OwnerTable table;

  /** Takes the directory over. */
  RecordedDir(KernelDir dir, TreePath path, OwnerTable table) {
    this.dir = dir;
    this.path = path;
    this.table = table;
  }

  @Override
  public FileStat stat() throws IOException {
    return owned(dir.stat(), ownerOf(dir.xattr(OWNER)));
  }

  @Override
  public Optional<Timestamp> born() throws IOException {
    return dir.born();
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    Optional<FileStat> found = dir.find(name);
    return found.isEmpty() ? found : Optional.of(recorded(name, found.get()));
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return recorded(name, dir.stat(name));
  }

  private FileStat recorded(Name name, FileStat stat) throws IOException {
    return switch (stat.type()) {
      case SYMLINK, FIFO, SOCKET -> owned(stat, table.get(path.resolve(name)));
      case DIRECTORY -> owned(stat, ownerOf(dir.xattr(name, OWNER)));
      case REGULAR -> {
        FileStat file = owned(stat, ownerOf(dir.xattr(name, OWNER)));
        Optional<byte[]> device = stat.size() > 0 ? Optional.empty() : dir.xattr(name, DEVICE);
        yield device.isEmpty() ? file : device(file, device.get());
      }
      default -> stat;
    };
  }

  private static RecordedOwner ownerOf(Optional<byte[]> attribute) {
    return attribute.flatMap(RecordedOwner::parse).orElse(new RecordedOwner(0, 0));
  }

  private static FileStat owned(FileStat stat, RecordedOwner owner) {
    return owner.isRoot() ? stat : with(stat, stat.type(), owner, stat.rdev());
  }

  private static FileStat device(FileStat stat, byte[] record) {
    String[] words = new String(record, StandardCharsets.US_ASCII).split("[ :]", -1);
    if (words.length != 3 || !words[0].matches("[bc]")) {
      return stat;
    }
    try {
      DeviceNumber number = DeviceNumber.of(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      FileType type = words[0].equals("c") ? FileType.CHARACTER_DEVICE : FileType.BLOCK_DEVICE;
      return with(stat, type, new RecordedOwner(stat.uid(), stat.gid()), number);
    } catch (IllegalArgumentException e) {
      return stat;
    }
  }

  private static FileStat with(
      FileStat stat, FileType type, RecordedOwner owner, DeviceNumber rdev) {
    return new FileStat(
        type,
        stat.permissions(),
        owner.uid(),
        owner.gid(),
        stat.size(),
        stat.modified(),
        stat.changed(),
        stat.inode(),
        stat.device(),
        stat.linkCount(),
        rdev);
  }

  @Override
  public List<Name> list() throws IOException {
    return dir.list();
  }

  @Override
  public Dir open(Name name) throws IOException {
    return new RecordedDir(dir.open(name), path.resolve(name), table);
  }

  @Override
  public InputFile read(Name name) throws IOException {
    return dir.read(name);
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    return dir.readLink(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    return shown(dir.xattrs(name));
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return shown(dir.xattrs());
  }

  private static SortedMap<String, byte[]> shown(SortedMap<String, byte[]> all) {
    if (all.keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
      return all;
    }
    SortedMap<String, byte[]> shown = new TreeMap<>(all);
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      if (each.getKey().startsWith(RECORDED_ACL)) {
        shown.put(ACL + each.getKey().substring(RECORDED_ACL.length()), each.getValue());
      }
    }
    shown.keySet().removeIf(key -> key.startsWith(PREFIX));
    return Collections.unmodifiableSortedMap(shown);
  }

  @Override
  public Dir makeDir(Name name, int permissions) throws IOException {
    return new RecordedDir(dir.makeDir(name, permissions), path.resolve(name), table);
  }

  @Override
  public OutputFile create(Name name, int permissions) throws IOException {
    return new RecordedOutputFile(dir.create(name, permissions));
  }

  @Override
  public void symlink(Name name, byte[] target) throws IOException {
    dir.symlink(name, target);
    table.put(path.resolve(name), new RecordedOwner(0, 0));
  }

  @Override
  public void link(Name name, Dir from, Name source) throws IOException {
    RecordedDir other = recorded(from);
    dir.link(name, other.dir, source);
    table.put(path.resolve(name), table.get(other.path.resolve(source)));
  }

  @Override
  public void makeNode(Name name, FileType type, int permissions, DeviceNumber device)
      throws IOException {
    if (!type.isDevice() || device.equals(DeviceNumber.NONE)) {
      dir.makeNode(name, type, permissions, device);
      table.put(path.resolve(name), new RecordedOwner(0, 0));
      return;
    }
    String kind = type == FileType.CHARACTER_DEVICE ? "c " : "b ";
    String record = kind + device.major() + ":" + device.minor();
    try (OutputFile standIn = dir.create(name, permissions)) {
      standIn.setXattr(DEVICE, record.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void unlink(Name name) throws IOException {
    dir.unlink(name);
  }

  @Override
  public void removeDir(Name name) throws IOException {
    dir.removeDir(name);
  }

  @Override
  public void removeTree(Name name) throws IOException {
    dir.removeTree(name);
  }

  /** Of a directory the links in it would keep their records elsewhere: nobody needs that. */
  @Override
  public void rename(Name name, Dir to, Name target, boolean replace) throws IOException {
    RecordedDir other = recorded(to);
    if (dir.stat(name).isDirectory()) {
      throw new UnsupportedOperationException("rename of a directory with recorded owners");
    }
    dir.rename(name, other.dir, target, replace);
    other.table.put(other.path.resolve(target), table.get(path.resolve(name)));
  }

  private static RecordedDir recorded(Dir dir) {
    if (dir instanceof RecordedDir recorded) {
      return recorded;
    }
    throw new IllegalArgumentException("not a directory with recorded owners: " + dir);
  }

  @Override
  public void setOwner(Name name, long uid, long gid) throws IOException {
    RecordedOwner owner = new RecordedOwner(uid, gid);
    FileType type = dir.stat(name).type();
    if (type == FileType.REGULAR || type == FileType.DIRECTORY) {
      if (!owner.isRoot()) {
        dir.setXattr(name, OWNER, owner.bytes());
      } else if (dir.xattr(name, OWNER).isPresent()) {
        dir.removeXattr(name, OWNER);
      }
    } else if (!type.isDevice()) {
      table.put(path.resolve(name), owner);
    }
  }

  @Override
  public void setPermissions(Name name, int permissions) throws IOException {
    dir.setPermissions(name, permissions);
  }

  @Override
  public void setTimes(Name name, Timestamp modified) throws IOException {
    dir.setTimes(name, modified);
  }

  private interface Setting {
    void set(String attribute) throws IOException;
  }

  /** An access list with users that do not exist here is EINVAL. */
  static void setXattr(String attribute, Setting setting) throws IOException {
    try {
      setting.set(attribute);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EINVAL || !attribute.startsWith(ACL)) {
        throw e;
      }
      setting.set(RECORDED_ACL + attribute.substring(ACL.length()));
    }
  }

  @Override
  public void setXattr(Name name, String attribute, byte[] value) throws IOException {
    setXattr(attribute, key -> dir.setXattr(name, key, value));
  }

  @Override
  public void removeXattr(Name name, String attribute) throws IOException {
    dir.removeXattr(name, present(attribute, dir.xattrs(name)));
  }

  private static String present(String attribute, SortedMap<String, byte[]> all) {
    return attribute.startsWith(ACL) && !all.containsKey(attribute)
        ? RECORDED_ACL + attribute.substring(ACL.length())
        : attribute;
  }

  @Override
  public void setOwner(long uid, long gid) throws IOException {
    RecordedOwner owner = new RecordedOwner(uid, gid);
    if (!owner.isRoot()) {
      dir.setXattr(OWNER, owner.bytes());
    } else if (dir.xattr(OWNER).isPresent()) {
      dir.removeXattr(OWNER);
    }
  }

  @Override
  public void setPermissions(int permissions) throws IOException {
    dir.setPermissions(permissions);
  }

  @Override
  public void setTimes(Timestamp modified) throws IOException {
    dir.setTimes(modified);
  }

  @Override
  public void setXattr(String attribute, byte[] value) throws IOException {
    setXattr(attribute, key -> dir.setXattr(key, value));
  }

  @Override
  public void removeXattr(String attribute) throws IOException {
    dir.removeXattr(present(attribute, dir.xattrs()));
  }

  @Override
  public void sync() throws IOException {
    dir.sync();
  }

  @Override
  public void close() {
    dir.close();
  }

  @Override
  public String toString() {
    return dir.toString();
  }

  /** A new file that takes its owner's record along. */
  private static final class RecordedOutputFile implements OutputFile {
    private final OutputFile file;

    RecordedOutputFile(OutputFile file) {
      this.file = file;
    }

    @Override
    public FileStat stat() throws IOException {
      return file.stat();
    }

    @Override
    public void write(java.nio.ByteBuffer from) throws IOException {
      file.write(from);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      file.write(from, offset, length);
    }

    @Override
    public boolean cloneFrom(InputFile source) throws IOException {
      return file.cloneFrom(source);
    }

    @Override
    public void copyFrom(InputFile source) throws IOException {
      file.copyFrom(source);
    }

    /** Nobody has given it an owner before, so that root's need not be said. */
    @Override
    public void setOwner(long uid, long gid) throws IOException {
      RecordedOwner owner = new RecordedOwner(uid, gid);
      if (!owner.isRoot()) {
        file.setXattr(OWNER, owner.bytes());
      }
    }

    @Override
    public void setPermissions(int permissions) throws IOException {
      file.setPermissions(permissions);
    }

    @Override
    public void setTimes(Timestamp modified) throws IOException {
      file.setTimes(modified);
    }

    @Override
    public void setXattr(String attribute, byte[] value) throws IOException {
      RecordedDir.setXattr(attribute, key -> file.setXattr(key, value));
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
