package io.jbuild.linux;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file system in memory for tests, for one thread at a time. Closing it fails when a handle is
 * still open, with the place where that was opened; any operation can be made to fail.
 */
public final class MemoryTree implements AutoCloseable {
  private static int devices = 100;

  private final Map<Object, Throwable> open = new LinkedHashMap<>();
  private final DeviceNumber device;
  private long inodes = 1;
  private long clock = 1_700_000_000L;
  private long stepsLeft = Long.MAX_VALUE;
  private Errno failure = Errno.EIO;
  final MemoryNode root;

  public MemoryTree() {
    synchronized (MemoryTree.class) {
      device = new DeviceNumber(0, ++devices);
    }
    root = new MemoryNode(this, FileType.DIRECTORY, 0755);
    root.links = 2;
  }

  /** Opens the root directory. The caller closes it. */
  public MemoryDir root() {
    return new MemoryDir(this, root);
  }

  /** How many directories and files are open now. */
  public synchronized int openHandles() {
    return open.size();
  }

  /**
   * Makes one operation fail, after this many steps of others; then all goes on well. An operation
   * takes a step or a few, so a test that wants every failure counts up until nothing fails.
   */
  public synchronized void failAfter(long steps, Errno errno) {
    stepsLeft = steps;
    failure = errno;
  }

  synchronized void step() throws LinuxException {
    if (stepsLeft-- == 0) {
      stepsLeft = Long.MAX_VALUE;
      throw new LinuxException("an operation in memory that was told to fail", failure);
    }
  }

  synchronized long nextInode() {
    return ++inodes;
  }

  /** A clock that never stands still, so that every change is seen. */
  synchronized Timestamp now() {
    return new Timestamp(++clock, 0);
  }

  DeviceNumber device() {
    return device;
  }

  synchronized void opened(Object handle) {
    open.put(handle, new Throwable("opened here: " + handle));
  }

  synchronized void closed(Object handle) {
    open.remove(handle);
  }

  /** Fails for handles that nobody has closed. */
  @Override
  public synchronized void close() {
    if (!open.isEmpty()) {
      AssertionError leak = new AssertionError(open.size() + " handles were never closed");
      open.values().forEach(leak::addSuppressed);
      throw leak;
    }
  }
}
