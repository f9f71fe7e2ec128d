package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
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
 *
 * <p>Files that were made and deleted again leave deletions of nothing, which are taken out.
 */
final class FuseMarks {
  private static final byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
  private static final Name OPAQUE = Name.of(".wh..wh..opq");

  private final OpenDirs dirs;
  private final TreeView below;
  private final Deque<Pending> pending = new ArrayDeque<>();

  /**
   * @param hiding whether a directory above hides all that is below
   */
  private record Pending(TreePath path, boolean hiding) {}

  private FuseMarks(OpenDirs dirs, TreeView below) {
    this.dirs = dirs;
    this.below = below;
  }

  /**
   * @param below the layers below
   */
  static void translate(Dir upper, TreeView below) throws IOException {
    try (OpenDirs dirs = new OpenDirs(upper)) {
      FuseMarks marks = new FuseMarks(dirs, below);
      marks.pending.push(new Pending(TreePath.ROOT, false));
      while (!marks.pending.isEmpty()) {
        marks.visit(marks.pending.pop());
      }
    }
  }

  private void visit(Pending at) throws IOException {
    Dir dir = dirs.get(at.path());
    Timestamp modified = dir.stat().modified();
    boolean opaque = dir.find(OPAQUE).isPresent() && !at.path().isRoot();
    boolean hiding = opaque || at.hiding();
    boolean changed = false;
    for (Name name : dir.list()) {
      if (name.startsWith(PREFIX)) {
        translate(dir, name);
        changed = true;
      }
    }
    for (DirEntry entry : dir.entries()) {
      TreePath path = at.path().resolve(entry.name());
      if (entry.stat().isDirectory()) {
        pending.push(new Pending(path, hiding));
      } else if (!OverlayFormat.isWhiteout(entry.stat())) {
        strip(dir, entry.name());
      } else if (hiding || below.lookup(path).isEmpty()) {
        dir.unlink(entry.name());
        changed = true;
      }
    }
    for (String key : foreign(dir.xattrs().keySet())) {
      dir.removeXattr(key);
    }
    if (opaque) {
      OverlayFormat.makeOpaque(dir);
    }
    if (changed) {
      dir.setTimes(modified);
    }
  }

  private static void translate(Dir dir, Name name) throws IOException {
    boolean regular = dir.stat(name).isRegular();
    dir.unlink(name);
    byte[] bytes = name.bytes();
    byte[] hidden = Arrays.copyOfRange(bytes, PREFIX.length, bytes.length);
    boolean deletion = regular && !name.equals(OPAQUE) && Name.isValid(hidden);
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
