package io.jbuild.linux;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An open directory. Every operation names one component in it, is carried out relative to it
 * wherever it has been moved, and never follows a symlink.
 *
 * <p>Failures are {@link LinuxException}s with the errno that Linux gives. Permissions are the
 * lower twelve mode bits and are set exactly, whatever the umask. What is made belongs to this
 * process, or to the group of a set-group-id directory that it is made in. Names of extended
 * attributes are ISO-8859-1 strings, one character per byte. An instance may be used by several
 * threads; closing it twice is safe, using it after that is a bug.
 */
public interface Dir extends Closeable {
  /** This directory itself. */
  FileStat stat() throws IOException;

  /**
   * When this directory was made, where the file system keeps that. Together with the inode it
   * tells a directory from another that took its place.
   */
  default Optional<Timestamp> born() throws IOException {
    return Optional.empty();
  }

  /** The entry, or empty where there is none. */
  Optional<FileStat> find(Name name) throws IOException;

  /** The entry; ENOENT where there is none. */
  FileStat stat(Name name) throws IOException;

  /** The names in it without {@code .} and {@code ..}, sorted bytewise. */
  List<Name> list() throws IOException;

  /** As {@link #list}, those names only that are wanted, with what kind of file each is. */
  default List<ListedName> list(NameFilter filter) throws IOException {
    List<ListedName> listed = new ArrayList<>();
    for (DirEntry entry : entries()) {
      byte[] bytes = entry.name().raw();
      FileType type = entry.stat().type();
      if (filter.wants(bytes, 0, bytes.length, type)) {
        listed.add(new ListedName(entry.name(), type));
      }
    }
    return listed;
  }

  /** As {@link #list()}, with the stat of each; what vanishes meanwhile is left out. */
  default List<DirEntry> entries() throws IOException {
    List<Name> names = list();
    List<DirEntry> entries = new ArrayList<>(names.size());
    for (Name name : names) {
      Optional<FileStat> stat = find(name);
      if (stat.isPresent()) {
        entries.add(new DirEntry(name, stat.get()));
      }
    }
    return entries;
  }

  /** Opens a directory in it; ENOTDIR for a symlink as for any other file. The caller closes it. */
  Dir open(Name name) throws IOException;

  /**
   * Opens a regular file for reading. ELOOP for a symlink, EINVAL for everything else that is not a
   * regular file, and that without opening it: no FIFO is waited for and no device disturbed. The
   * caller closes it.
   */
  InputFile read(Name name) throws IOException;

  /** A symlink's target, byte by byte. */
  byte[] readLink(Name name) throws IOException;

  /** The entry's extended attributes that the caller may see; empty where there can be none. */
  SortedMap<String, byte[]> xattrs(Name name) throws IOException;

  /** This directory's own extended attributes. */
  SortedMap<String, byte[]> xattrs() throws IOException;

  /** Makes a directory and opens it. The caller closes it. */
  Dir makeDir(Name name, int permissions) throws IOException;

  /** Makes a regular file that was not there and opens it for writing. The caller closes it. */
  OutputFile create(Name name, int permissions) throws IOException;

  void symlink(Name name, byte[] target) throws IOException;

  /**
   * Makes another name for the file {@code source} in {@code from}; of a symlink, for it itself.
   */
  void link(Name name, Dir from, Name source) throws IOException;

  /** Makes a device node, FIFO or socket; {@code device} counts for device nodes only. */
  void makeNode(Name name, FileType type, int permissions, DeviceNumber device) throws IOException;

  /** Removes a name that is not a directory. */
  void unlink(Name name) throws IOException;

  /** Removes an empty directory. */
  void removeDir(Name name) throws IOException;

  /**
   * Removes the entry and everything below it, however deep, unreadable directories included. It
   * stays on one file system: a mount point below fails with EXDEV and keeps its contents. A
   * failure leaves what has not been removed yet.
   */
  void removeTree(Name name) throws IOException;

  /**
   * Renames the entry to {@code target} in {@code to}.
   *
   * @param replace whether an existing target is replaced, else it is EEXIST
   */
  void rename(Name name, Dir to, Name target, boolean replace) throws IOException;

  /** Changes the owner of the entry itself; as in the kernel, this may clear set-id bits. */
  void setOwner(Name name, long uid, long gid) throws IOException;

  /** Sets the permissions; EOPNOTSUPP for a symlink, which has none. */
  void setPermissions(Name name, int permissions) throws IOException;

  /** Sets modification and access time of the entry itself. */
  void setTimes(Name name, Timestamp modified) throws IOException;

  void setXattr(Name name, String attribute, byte[] value) throws IOException;

  /** Removes an extended attribute; ENODATA where there is none. */
  void removeXattr(Name name, String attribute) throws IOException;

  void setOwner(long uid, long gid) throws IOException;

  void setPermissions(int permissions) throws IOException;

  void setTimes(Timestamp modified) throws IOException;

  void setXattr(String attribute, byte[] value) throws IOException;

  void removeXattr(String attribute) throws IOException;

  /** Writes this directory's entries to the disk: fsync(2). */
  void sync() throws IOException;
}
