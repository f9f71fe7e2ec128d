package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock that lives as long as its holder: flock(2) on a file that is made where it is missing.
 *
 * <p>The kernel lets go of it when the holder dies, however it dies, so there are no stale locks
 * and the file says nothing by being there. A lock belongs to this object, not to the process: two
 * in one JVM exclude each other as two processes do. The holder may delete the file as the last
 * thing that it does before {@link #close}, for from then on a newcomer makes and locks a new file:
 * whoever was waiting for the old one finds that it has lost its name, and tries again on the new.
 */
public final class LockFile implements Closeable {
  /** Whether others may hold it too. */
  public enum Mode {
    SHARED(1),
    EXCLUSIVE(2);

    private final int operation;

    Mode(int operation) {
      this.operation = operation;
    }
  }

  private static final int NOT_BLOCKING = 4;
  private static final int UNLOCK = 8;

  private final Fd fd;
  private final Path path;

  private LockFile(Fd fd, Path path) {
    this.fd = fd;
    this.path = path;
  }

  /** Takes the lock, or empty where somebody else holds it. */
  public static Optional<LockFile> tryLock(Path path, Mode mode) throws IOException {
    byte[] bytes = PathBytes.of(path);
    while (true) {
      Fd fd = open(bytes);
      long result = flock(fd, mode.operation | NOT_BLOCKING);
      if (result == -Errno.EAGAIN.number()) {
        fd.close();
        return Optional.empty();
      }
      if (isHeld(result, fd, bytes, mode)) {
        return Optional.of(new LockFile(fd, path));
      }
    }
  }

  /**
   * Takes a lock on a directory that is there already, or empty where somebody else holds it. It is
   * another lock than any on a file in it.
   */
  public static Optional<LockFile> tryLockDirectory(Path path) throws IOException {
    byte[] bytes = PathBytes.of(path);
    Fd fd = Opening.path(bytes, OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW, "O_DIRECTORY|O_NOFOLLOW");
    long result = flock(fd, Mode.EXCLUSIVE.operation | NOT_BLOCKING);
    if (result == -Errno.EAGAIN.number()) {
      fd.close();
      return Optional.empty();
    }
    if (!isHeld(result, fd, bytes, Mode.EXCLUSIVE)) {
      throw new LinuxException("flock " + Failures.quote(Printable.of(bytes)), Errno.ENOENT);
    }
    return Optional.of(new LockFile(fd, path));
  }

  /**
   * Waits for the lock, for ever and in native code: an interrupt does not end it. Who wants to
   * tell the user about the wait calls {@link #tryLock} first.
   */
  public static LockFile lock(Path path, Mode mode) throws IOException {
    byte[] bytes = PathBytes.of(path);
    while (true) {
      Fd fd = open(bytes);
      if (isHeld(flock(fd, mode.operation), fd, bytes, mode)) {
        return new LockFile(fd, path);
      }
    }
  }

  private static Fd open(byte[] path) throws LinuxException {
    return Opening.path(path, OpenFlags.CREAT | OpenFlags.NOFOLLOW, "O_RDONLY|O_CREAT|O_NOFOLLOW");
  }

  private static long flock(Fd fd, int operation) {
    return Kernel.call(Syscall.FLOCK, fd.number(), operation);
  }

  /** Whether the lock is on the file that has the name now; if not, it is let go. */
  private static boolean isHeld(long result, Fd fd, byte[] path, Mode mode) throws LinuxException {
    boolean held = false;
    try {
      if (result < 0) {
        throw Failures.of(Syscall.FLOCK, fd.number(), null, mode.name(), result);
      }
      held = isCurrent(fd, path);
      return held;
    } finally {
      if (!held) {
        fd.close();
      }
    }
  }

  private static boolean isCurrent(Fd fd, byte[] path) throws LinuxException {
    Scratch scratch = Scratch.get();
    Failures.check(Stats.self(fd.number(), scratch), Syscall.STATX, fd.number(), null);
    FileStat locked = Stats.parse(scratch);
    long result = Stats.path(path, scratch);
    if (result == -Errno.ENOENT.number()) {
      return false;
    }
    if (result < 0) {
      throw new LinuxException("statx " + Failures.quote(Printable.of(path)), (int) -result);
    }
    return Stats.parse(scratch).isSameFile(locked);
  }

  public Path path() {
    return path;
  }

  /**
   * Lets go. The unlock comes first because a child that is just being started has the descriptor
   * too, until it execs, and the lock would last as long.
   */
  @Override
  public void close() {
    if (fd.isOpen()) {
      long unused = flock(fd, UNLOCK);
      fd.close();
    }
  }
}
