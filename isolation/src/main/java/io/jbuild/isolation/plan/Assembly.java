package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.Errno;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountOption;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Program;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program in the making, and the descriptors that its steps share: the root, and the mounts that
 * the child has made itself and can therefore trust by name.
 */
final class Assembly {
  static final long AT_FDCWD = -100;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT_EXCL = 0300;
  static final int O_PATH = 010000000;
  static final int O_CLOEXEC = 02000000;

  /** {@code openat2}: symlinks are resolved as if the directory were the root. */
  static final int IN_ROOT = 0x10 | 0x02;

  static final int NO_SYMLINKS = 0x04;

  private static final int OPEN_TREE_CLONE = 1;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int FROM_EMPTY = 0x4;
  private static final int TO_EMPTY = 0x40;
  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int CREATE = 6;

  /** File systems whose files have labels; those of the kernel itself have rules of their own. */
  private static final Set<String> LABELLED = Set.of("tmpfs", "devpts", "mqueue");

  private final Program.Builder program = Program.builder();
  private final Optional<String> filesLabel;
  private @Nullable Program finished;
  private @Nullable Argument root;
  private @Nullable Argument dev;
  private @Nullable Argument proc;
  private @Nullable Argument sys;
  private @Nullable Argument files;

  Assembly(Optional<String> filesLabel) {
    this.filesLabel = filesLabel;
  }

  Program.Builder calls() {
    return program;
  }

  void finish(Program whole) {
    finished = whole;
  }

  Program program() {
    return made("program", finished);
  }

  Argument root() {
    return made("root", root);
  }

  void root(Argument mount) {
    root = mount;
  }

  Argument dev() {
    return made("/dev", dev);
  }

  void dev(Argument mount) {
    dev = mount;
  }

  Argument proc() {
    return made("/proc", proc);
  }

  void proc(Argument mount) {
    proc = mount;
  }

  Argument sys() {
    return made("/sys", sys);
  }

  void sys(Argument mount) {
    sys = mount;
  }

  /** A file system of small files that no path of the container leads to. */
  Argument files() {
    return made("own files", files);
  }

  void files(Argument mount) {
    files = mount;
  }

  private static <T> T made(String what, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException(what + " is used before it is made");
    }
    return value;
  }

  /** Opens a name in a directory of ours, where no symlink can be. */
  ResultOf open(String what, OnError onError, Argument directory, String name, int flags) {
    return open(
        what, onError, directory, name.getBytes(StandardCharsets.UTF_8), flags, NO_SYMLINKS);
  }

  ResultOf open(String what, Argument directory, String name, int flags) {
    return open(what, OnError.FAIL, directory, name, flags);
  }

  /** Opens a path of the container without leaving its root: O_PATH. */
  ResultOf openInRoot(String what, TreePath path) {
    return open(what, OnError.FAIL, root(), path.bytes(), O_PATH, IN_ROOT);
  }

  /** As {@link #openInRoot}, for the places of /dev, /proc and /sys: no symlink may lead there. */
  ResultOf openPlainInRoot(String what, TreePath path) {
    return open(what, OnError.FAIL, root(), path.bytes(), O_PATH, IN_ROOT | NO_SYMLINKS);
  }

  private ResultOf open(
      String what, OnError onError, Argument directory, byte[] path, int flags, int resolve) {
    ByteBuffer how = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    how.putLong(flags | O_CLOEXEC).putLong((flags & O_CREAT_EXCL) != 0 ? 0600 : 0).putLong(resolve);
    return program.call(
        what, onError, Syscall.OPENAT2, directory, text(path), new Buffer(how.array()), number(24));
  }

  /** Writes a string at once; a file of /proc or a control group takes it whole or not at all. */
  void write(String what, OnError onError, Argument fd, byte[] content) {
    program.call(what, onError, Syscall.WRITE, fd, new Buffer(content), number(content.length));
  }

  /** Makes a directory with exactly these permissions, the umask being 0. */
  void makeDir(String what, Argument directory, String name, int permissions) {
    program.call(what, Syscall.MKDIRAT, directory, text(name), number(permissions));
  }

  /** A new file system, mounted nowhere yet. */
  ResultOf mount(Filesystem filesystem, Set<MountFlag> flags) {
    String what = "make a " + filesystem.type() + " file system";
    ResultOf context = program.call(what, Syscall.FSOPEN, text(filesystem.type()), number(1));
    for (MountOption option : filesystem.options()) {
      set(what, context, option);
    }
    if (LABELLED.contains(filesystem.type())) {
      filesLabel.ifPresent(label -> set(what, context, new MountOption.Text("context", label)));
    }
    program.call(what, Syscall.FSCONFIG, context, number(CREATE), number(0), number(0), number(0));
    return program.call(
        what, Syscall.FSMOUNT, context, number(1), number(MountFlag.attributes(flags)));
  }

  private void set(String what, ResultOf context, MountOption option) {
    String words = what + " with " + option;
    if (option instanceof MountOption.Text pair) {
      program.call(
          words,
          Syscall.FSCONFIG,
          context,
          number(SET_STRING),
          text(pair.key()),
          text(pair.value()),
          number(0));
    } else {
      program.call(
          words,
          Syscall.FSCONFIG,
          context,
          number(SET_FLAG),
          text(option.key()),
          number(0),
          number(0));
    }
  }

  /** A copy of a mount of ours, or of a file or directory in one, mounted nowhere yet. */
  ResultOf copyMount(String what, OnError onError, Argument directory, String name) {
    int flags = OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH;
    return program.call(what, onError, Syscall.OPEN_TREE, directory, text(name), number(flags));
  }

  /** A copy of the host's mounts at a directory and below it, mounted nowhere yet. */
  ResultOf copyTree(String what, String path) {
    int flags = OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE;
    return program.call(what, Syscall.OPEN_TREE, number(AT_FDCWD), text(path), number(flags));
  }

  void addFlags(String what, OnError onError, Argument mount, Set<MountFlag> flags, boolean deep) {
    ByteBuffer attributes = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    attributes.putLong(MountFlag.attributes(flags));
    int at = AT_EMPTY_PATH | (deep ? AT_RECURSIVE : 0);
    program.call(
        what,
        onError,
        Syscall.MOUNT_SETATTR,
        mount,
        text(""),
        number(at),
        new Buffer(attributes.array()),
        number(32));
  }

  /** Attaches a mount on an open file or directory. */
  void attach(String what, Argument mount, Argument target) {
    int flags = FROM_EMPTY | TO_EMPTY;
    program.call(what, Syscall.MOVE_MOUNT, mount, text(""), target, text(""), number(flags));
  }

  /** Attaches a mount on a name in an open directory; a symlink of that name is covered itself. */
  void attach(String what, OnError onError, Argument mount, Argument directory, byte[] name) {
    program.call(
        what,
        onError,
        Syscall.MOVE_MOUNT,
        mount,
        text(""),
        directory,
        text(name),
        number(FROM_EMPTY));
  }

  static int errno(Errno errno) {
    return errno.number();
  }
}
