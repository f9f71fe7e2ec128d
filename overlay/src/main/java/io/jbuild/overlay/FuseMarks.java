package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Turns the marks of fuse-overlayfs into overlayfs's. It marks an opaque directory by the file
 * {@code .wh..wh..opq}, which no step can make, since it refuses names that begin with {@code
 * .wh.}; so that file alone counts, and not the attributes beside it, which a step can set. Where
 * it can make no character device 0:0, a deletion is a file {@code .wh.name}.
 */
final class FuseMarks {
  private static final byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
  private static final Name OPAQUE = Name.of(".wh..wh..opq");

  private final OpenDirs dirs;
  private final Deque<TreePath> pending = new ArrayDeque<>();

  private FuseMarks(OpenDirs dirs) {
    this.dirs = dirs;
  }

  static void translate(Dir upper) throws IOException {
    try (OpenDirs dirs = new OpenDirs(upper)) {
      FuseMarks marks = new FuseMarks(dirs);
      marks.pending.push(TreePath.ROOT);
      while (!marks.pending.isEmpty()) {
        marks.visit(marks.pending.pop());
      }
    }
  }

  private void visit(TreePath path) throws IOException {
    Dir dir = dirs.get(path);
    Timestamp modified = dir.stat().modified();
    boolean opaque = false;
    boolean changed = false;
    for (DirEntry entry : dir.entries()) {
      Name name = entry.name();
      if (name.startsWith(PREFIX)) {
        opaque |= name.equals(OPAQUE);
        changed = true;
        mark(dir, entry);
      } else if (entry.stat().isDirectory()) {
        pending.push(path.resolve(name));
      } else {
        strip(dir, name);
      }
    }
    for (String key : foreign(dir.xattrs().keySet())) {
      dir.removeXattr(key);
    }
    if (opaque && !path.isRoot()) {
      OverlayFormat.makeOpaque(dir);
    }
    if (changed) {
      dir.setTimes(modified);
    }
  }

  private static void mark(Dir dir, DirEntry entry) throws IOException {
    dir.unlink(entry.name());
    byte[] bytes = entry.name().bytes();
    byte[] hidden = Arrays.copyOfRange(bytes, PREFIX.length, bytes.length);
    boolean deletion =
        entry.stat().type() == FileType.REGULAR
            && !entry.name().equals(OPAQUE)
            && Name.isValid(hidden);
    if (deletion && dir.find(Name.of(hidden)).isEmpty()) {
      OverlayFormat.makeWhiteout(dir, Name.of(hidden));
    }
  }

  private static void strip(Dir dir, Name name) throws IOException {
    for (String key : foreign(dir.xattrs(name).keySet())) {
      dir.removeXattr(name, key);
    }
  }

  private static List<String> foreign(java.util.Set<String> keys) {
    return keys.stream().filter(OverlayFormat::isMark).toList();
  }
}
