package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a layer directory, in the canonical order: names bytewise, a directory before
 * what it holds.
 */
final class LayerWalk implements Closeable {
  private final LayerFraming framing;
  private final Tidier tidier;
  private final Dir root;
  private final DirStack dirs;
  private final Deque<Frame> frames = new ArrayDeque<>();

  /** The first name of each file that has several. */
  private final Map<FileIdentity, byte[]> linked = new HashMap<>();

  private final byte[] buffer = new byte[1 << 17];

  private record FileIdentity(io.jbuild.linux.DeviceNumber device, long inode) {}

  LayerWalk(Dir root, LayerFraming framing, Tidier tidier) {
    this.root = root;
    this.framing = framing;
    this.tidier = tidier;
    this.dirs = new DirStack(root);
  }

  /**
   * A directory on the way: its names, and what has to be said of it once something in it counts.
   */
  private static final class Frame {
    final TreePath path;
    final byte[] prefix;
    final Iterator<Name> names;
    final Timestamp modified;

    /** Whether it, or one above it, is opaque, so that nothing of the layers below is in it. */
    final boolean hiding;

    @Nullable Attributes unsaid;
    boolean changed;

    Frame(TreePath path, byte[] prefix, List<Name> names, Timestamp modified, boolean hiding) {
      this.path = path;
      this.prefix = prefix;
      this.names = names.iterator();
      this.modified = modified;
      this.hiding = hiding;
    }
  }

  void run(boolean withRoot) throws IOException {
    FileStat stat = root.stat();
    if (withRoot) {
      framing.root(Attributes.of(stat, root.xattrs()));
    }
    run(stat, new byte[0]);
  }

  /** With all names below a directory that stands for the root. */
  void runBelow(byte[] name) throws IOException {
    FileStat stat = root.stat();
    byte[] prefix = append(name, new byte[] {'/'});
    framing.directory(prefix, Attributes.of(stat, root.xattrs()));
    run(stat, prefix);
  }

  private void run(FileStat stat, byte[] prefix) throws IOException {
    frames.push(new Frame(TreePath.ROOT, prefix, root.list(), stat.modified(), false));
    while (!frames.isEmpty()) {
      Frame frame = frames.element();
      if (frame.names.hasNext()) {
        visit(frame, frame.names.next());
      } else {
        leave(frame);
      }
    }
  }

  private void visit(Frame frame, Name name) throws IOException {
    Dir dir = dirs.top();
    FileStat stat = dir.stat(name);
    if (name.startsWith(Whiteouts.PREFIX)) {
      throw new UnrepresentableFileException(
          "cannot put "
              + frame.path.resolve(name)
              + " into a layer: names that begin with \".wh.\" mean deletions there");
    }
    if (stat.type() == FileType.SOCKET) {
      tidier.dropSocket(dir, name, frame.path);
      frame.changed = true;
    } else if (stat.isDirectory()) {
      enter(frame, dir, name, stat);
    } else if (Whiteouts.isWhiteout(stat)) {
      sayPending();
      framing.whiteout(append(frame.prefix, Whiteouts.hiding(name)));
    } else {
      file(frame, dir, name, stat);
    }
  }

  private void enter(Frame parent, Dir dir, Name name, FileStat stat) throws IOException {
    TreePath path = parent.path.resolve(name);
    byte[] tarName = append(parent.prefix, name.bytes());
    SortedMap<String, byte[]> xattrs = dir.xattrs(name);
    boolean opaque = tidier.isOpaque(path, xattrs, parent.hiding);
    boolean hiding = opaque || parent.hiding;
    tidier.strip(dir, name, xattrs, opaque);
    Attributes attributes = tidier.attributes(dir, name, stat, xattrs);
    Dir child = dir.open(name);
    dirs.push(name, child);
    boolean timeKept = attributes.modified().seconds() == stat.modified().seconds();
    Timestamp time = timeKept ? stat.modified() : attributes.modified();
    byte[] prefix = append(tarName, new byte[] {'/'});
    Frame frame = new Frame(path, prefix, child.list(), time, hiding);
    frame.unsaid = attributes;
    frames.push(frame);
    if (!tidier.isCopy(path, attributes, hiding)) {
      sayPending();
    }
    if (opaque) {
      framing.whiteout(append(frame.prefix, Whiteouts.OPAQUE));
    }
  }

  /** Directories come first, but some count only if something in them does. */
  private void sayPending() throws IOException {
    Iterator<Frame> fromRoot = frames.descendingIterator();
    while (fromRoot.hasNext()) {
      Frame frame = fromRoot.next();
      if (frame.unsaid != null) {
        framing.directory(frame.prefix, frame.unsaid);
        frame.unsaid = null;
      }
    }
  }

  private void leave(Frame frame) throws IOException {
    frames.pop();
    if (frame.changed && tidier.changesDirectories()) {
      dirs.top().setTimes(frame.modified);
    }
    if (frames.isEmpty()) {
      return;
    }
    Name name = dirs.name(dirs.depth() - 1);
    dirs.pop();
    if (frame.unsaid != null) {
      tidier.dropCopy(dirs.top(), name);
      frames.element().changed = true;
    }
  }

  private void file(Frame frame, Dir dir, Name name, FileStat stat) throws IOException {
    SortedMap<String, byte[]> xattrs = dir.xattrs(name);
    // One with another name stays: the step may have linked it, and both are in the layer then.
    if (!frame.hiding
        && stat.linkCount() == 1
        && tidier.isCopy(frame.path.resolve(name), dir, stat, xattrs)) {
      tidier.dropFileCopy(dir, name);
      frame.changed = true;
      return;
    }
    sayPending();
    byte[] tarName = append(frame.prefix, name.bytes());
    tidier.strip(dir, name, xattrs, false);
    Attributes attributes = tidier.attributes(dir, name, stat, xattrs);
    byte[] first =
        stat.linkCount() > 1
            ? linked.putIfAbsent(new FileIdentity(stat.device(), stat.inode()), tarName)
            : null;
    if (first != null) {
      framing.hardLink(tarName, attributes, first);
      return;
    }
    switch (stat.type()) {
      case REGULAR -> regular(dir, name, tarName, attributes, stat.size());
      case SYMLINK -> framing.symlink(tarName, attributes, dir.readLink(name));
      default -> framing.node(tarName, attributes, stat.type(), stat.rdev());
    }
  }

  private void regular(Dir dir, Name name, byte[] tarName, Attributes attributes, long size)
      throws IOException {
    framing.file(tarName, attributes, size);
    if (size == 0) {
      return;
    }
    try (InputFile file = dir.read(name)) {
      Contents.copy(file::read, size, buffer, framing::content, name);
    }
  }

  private static byte[] append(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Override
  public void close() throws IOException {
    dirs.close();
  }
}
