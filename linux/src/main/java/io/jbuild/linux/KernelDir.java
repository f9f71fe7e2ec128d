package io.jbuild.linux;

import static io.jbuild.linux.OpenFlags.AT_REMOVEDIR;
import static io.jbuild.linux.OpenFlags.AT_SYMLINK_NOFOLLOW;
import static io.jbuild.linux.OpenFlags.CLOEXEC;
import static io.jbuild.linux.OpenFlags.DIRECTORY;
import static io.jbuild.linux.OpenFlags.NOFOLLOW;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A directory of the running kernel, held by a descriptor. */
public final class KernelDir implements Dir {
  private static final byte[] HERE = {'.'};

  private final Fd fd;
  private boolean listed;

  KernelDir(Fd fd) {
    this.fd = fd;
  }

  /**
   * Opens a directory that jbuild itself, or its user, names; symlinks in the path are followed.
   */
  public static KernelDir open(Path path) throws IOException {
    return new KernelDir(Opening.path(PathBytes.of(path), CLOEXEC | DIRECTORY, "O_DIRECTORY"));
  }

  /**
   * Opens the directory that a descriptor stands for, also one of {@code O_PATH} or fsmount(2). The
   * given descriptor stays the caller's.
   */
  public static KernelDir of(Fd directory) throws IOException {
    Scratch scratch = Scratch.get();
    long result =
        Kernel.call(Syscall.OPENAT, directory.number(), scratch.string(HERE), CLOEXEC | DIRECTORY);
    Failures.check(result, Syscall.OPENAT, directory.number(), null);
    return new KernelDir(Fd.owning((int) result));
  }

  /** The descriptor, which stays this object's. */
  public Fd fd() {
    return fd;
  }

  int number() {
    return fd.number();
  }

  /**
   * Opens the directory at a path below this one as if this one were the root: symlinks are
   * followed, absolute ones from here, and nothing leads out.
   */
  public KernelDir resolve(TreePath path) throws IOException {
    return new KernelDir(Opening.inRoot(number(), path, DIRECTORY, "O_DIRECTORY"));
  }

  /** As {@link #resolve}, for a file of any type, which is not opened: {@code O_PATH}. */
  public Fd resolvePath(TreePath path) throws IOException {
    return Opening.inRoot(number(), path, OpenFlags.PATH, "O_PATH");
  }

  @Override
  public FileStat stat() throws IOException {
    Scratch scratch = Scratch.get();
    Failures.check(Stats.self(number(), scratch), Syscall.STATX, number(), null);
    return Stats.parse(scratch);
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    Scratch scratch = Scratch.get();
    long result = Stats.entry(number(), name.raw(), scratch);
    if (result == -Errno.ENOENT.number()) {
      return Optional.empty();
    }
    Failures.check(result, Syscall.STATX, number(), name);
    return Optional.of(Stats.parse(scratch));
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    Scratch scratch = Scratch.get();
    Failures.check(Stats.entry(number(), name.raw(), scratch), Syscall.STATX, number(), name);
    return Stats.parse(scratch);
  }

  @Override
  public List<Name> list() throws IOException {
    List<Name> names = new ArrayList<>();
    for (Listing.Entry entry : read(NameFilter.ALL)) {
      names.add(entry.name());
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public List<ListedName> list(NameFilter filter) throws IOException {
    List<ListedName> listed = new ArrayList<>();
    for (Listing.Entry entry : read(filter)) {
      FileType type = entry.type();
      Optional<FileStat> stat = type == null ? find(entry.name()) : Optional.empty();
      if (type != null) {
        listed.add(new ListedName(entry.name(), type));
      } else if (stat.isPresent()) {
        listed.add(new ListedName(entry.name(), stat.get().type()));
      }
    }
    listed.sort(Comparator.comparing(ListedName::name));
    return listed;
  }

  private synchronized List<Listing.Entry> read(NameFilter filter) throws LinuxException {
    // A descriptor that has just been opened stands at the start.
    boolean rewind = listed;
    listed = true;
    return Listing.of(number(), rewind, filter);
  }

  @Override
  public KernelDir open(Name name) throws IOException {
    int flags = CLOEXEC | DIRECTORY | NOFOLLOW;
    return new KernelDir(Opening.at(number(), name, flags, 0, "O_RDONLY|O_DIRECTORY|O_NOFOLLOW"));
  }

  @Override
  public InputFile read(Name name) throws IOException {
    return KernelInputFile.open(number(), name);
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    Scratch scratch = Scratch.get();
    long length =
        Kernel.call(
            Syscall.READLINKAT,
            number(),
            scratch.string(name.raw()),
            scratch.dataAddress(),
            Scratch.DATA_SIZE);
    Failures.check(length, Syscall.READLINKAT, number(), name);
    return scratch.copy((int) length);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    return Xattrs.all(number(), name);
  }

  /** One extended attribute of an entry; empty where it has none or can have none. */
  Optional<byte[]> xattr(Name name, String attribute) throws IOException {
    return Xattrs.get(number(), name, attribute);
  }

  /** One extended attribute of this directory. */
  Optional<byte[]> xattr(String attribute) throws IOException {
    return Xattrs.get(number(), null, attribute);
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return Xattrs.all(number(), null);
  }

  @Override
  public KernelDir makeDir(Name name, int permissions) throws IOException {
    long result = Kernel.call(Syscall.MKDIRAT, number(), Scratch.get().string(name.raw()), 0700);
    if (result < 0) {
      throw Failures.of(Syscall.MKDIRAT, number(), name, Failures.octal(permissions), result);
    }
    KernelDir made = open(name);
    try {
      made.setPermissions(permissions);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  @Override
  public OutputFile create(Name name, int permissions) throws IOException {
    return KernelOutputFile.create(number(), name, permissions);
  }

  @Override
  public void symlink(Name name, byte[] target) throws IOException {
    for (byte b : target) {
      if (b == 0) {
        throw new IllegalArgumentException("NUL in the target of symlink \"" + name + '"');
      }
    }
    Scratch scratch = Scratch.get();
    long result =
        Kernel.call(
            Syscall.SYMLINKAT, scratch.secondString(target), number(), scratch.string(name.raw()));
    Failures.check(result, Syscall.SYMLINKAT, number(), name);
  }

  @Override
  public void link(Name name, Dir from, Name source) throws IOException {
    int other = kernelDir(from).number();
    Scratch scratch = Scratch.get();
    long result =
        Kernel.call(
            Syscall.LINKAT,
            other,
            scratch.secondString(source.raw()),
            number(),
            scratch.string(name.raw()),
            0);
    if (result < 0) {
      throw between(Syscall.LINKAT, other, source, number(), name, "", result);
    }
  }

  @Override
  public void makeNode(Name name, FileType type, int permissions, DeviceNumber device)
      throws IOException {
    if (type == FileType.REGULAR || type == FileType.DIRECTORY || type == FileType.SYMLINK) {
      throw new IllegalArgumentException("mknod does not make a " + type);
    }
    int packed = type.isDevice() ? device.packed() : 0;
    long result =
        Kernel.call(
            Syscall.MKNODAT, number(), Scratch.get().string(name.raw()), type.bits(), packed);
    if (result < 0) {
      String details = type + " " + (type.isDevice() ? device + " " : "");
      throw Failures.of(
          Syscall.MKNODAT, number(), name, details + Failures.octal(permissions), result);
    }
    if (permissions != 0) {
      setPermissions(name, permissions);
    }
  }

  @Override
  public void unlink(Name name) throws IOException {
    Failures.check(tryUnlink(name, 0), Syscall.UNLINKAT, number(), name);
  }

  @Override
  public void removeDir(Name name) throws IOException {
    long result = tryUnlink(name, AT_REMOVEDIR);
    if (result < 0) {
      throw Failures.of(Syscall.UNLINKAT, number(), name, "AT_REMOVEDIR", result);
    }
  }

  long tryUnlink(Name name, int flags) {
    return Kernel.call(Syscall.UNLINKAT, number(), Scratch.get().string(name.raw()), flags);
  }

  @Override
  public void removeTree(Name name) throws IOException {
    TreeRemoval.remove(this, name);
  }

  @Override
  public void rename(Name name, Dir to, Name target, boolean replace) throws IOException {
    int other = kernelDir(to).number();
    int noReplace = replace ? 0 : 1;
    Scratch scratch = Scratch.get();
    long result =
        Kernel.call(
            Syscall.RENAMEAT2,
            number(),
            scratch.string(name.raw()),
            other,
            scratch.secondString(target.raw()),
            noReplace);
    if (result < 0) {
      String flags = replace ? "" : " (RENAME_NOREPLACE)";
      throw between(Syscall.RENAMEAT2, number(), name, other, target, flags, result);
    }
  }

  private static LinuxException between(
      Syscall call, int from, Name source, int to, Name target, String flags, long result) {
    String operands = Failures.operand(from, source) + " to " + Failures.operand(to, target);
    return new LinuxException(call.manualName() + " " + operands + flags, (int) -result);
  }

  @Override
  public void setOwner(Name name, long uid, long gid) throws IOException {
    long result =
        Kernel.call(
            Syscall.FCHOWNAT,
            number(),
            Scratch.get().string(name.raw()),
            Ids.checked(uid),
            Ids.checked(gid),
            AT_SYMLINK_NOFOLLOW);
    if (result < 0) {
      throw Ids.failure(Syscall.FCHOWNAT, number(), name, uid, gid, result);
    }
  }

  @Override
  public void setPermissions(Name name, int permissions) throws IOException {
    Permissions.set(number(), name, permissions);
  }

  @Override
  public void setTimes(Name name, Timestamp modified) throws IOException {
    Scratch scratch = Scratch.get();
    Times.put(scratch, modified);
    long result =
        Kernel.call(
            Syscall.UTIMENSAT,
            number(),
            scratch.string(name.raw()),
            scratch.dataAddress(),
            AT_SYMLINK_NOFOLLOW);
    Failures.check(result, Syscall.UTIMENSAT, number(), name);
  }

  @Override
  public void setXattr(Name name, String attribute, byte[] value) throws IOException {
    Xattrs.set(number(), name, attribute, value);
  }

  @Override
  public void removeXattr(Name name, String attribute) throws IOException {
    Xattrs.remove(number(), name, attribute);
  }

  @Override
  public void setOwner(long uid, long gid) throws IOException {
    Ids.setOwner(number(), uid, gid);
  }

  @Override
  public void setPermissions(int permissions) throws IOException {
    Permissions.set(number(), permissions);
  }

  @Override
  public void setTimes(Timestamp modified) throws IOException {
    Times.set(number(), modified);
  }

  @Override
  public void setXattr(String attribute, byte[] value) throws IOException {
    Xattrs.set(number(), null, attribute, value);
  }

  @Override
  public void removeXattr(String attribute) throws IOException {
    Xattrs.remove(number(), null, attribute);
  }

  @Override
  public void sync() throws IOException {
    Failures.check(Kernel.call(Syscall.FSYNC, number()), Syscall.FSYNC, number(), null);
  }

  /** Writes everything of the file system that this directory is on to the disk: syncfs(2). */
  public void syncFilesystem() throws IOException {
    Failures.check(Kernel.call(Syscall.SYNCFS, number()), Syscall.SYNCFS, number(), null);
  }

  @Override
  public Optional<Timestamp> born() throws IOException {
    Scratch scratch = Scratch.get();
    Failures.check(Stats.born(number(), scratch), Syscall.STATX, number(), null);
    return Stats.parseBorn(scratch);
  }

  /** The file system that this directory is on. */
  public FilesystemStat filesystem() throws IOException {
    Scratch scratch = Scratch.get();
    long result = Kernel.call(Syscall.FSTATFS, number(), scratch.dataAddress());
    Failures.check(result, Syscall.FSTATFS, number(), null);
    return FilesystemStat.parse(scratch.data());
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return fd.isOpen() ? Failures.place(number()) : "closed directory";
  }

  private static KernelDir kernelDir(Dir dir) {
    if (dir instanceof KernelDir kernel) {
      return kernel;
    }
    throw new IllegalArgumentException("not a directory of the kernel's: " + dir);
  }
}
