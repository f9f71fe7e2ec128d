package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves a cursor along a path of an archive as a kernel would whose root the unpacked directory is:
 * symlinks are followed, absolute ones from there, and {@code ..} in them stops there.
 */
final class InRootWalk {
  /** As the kernel's own limit. */
  private static final int MOST_LINKS = 40;

  private final TreeCursor cursor;
  private final LowerView lower;
  private final int floor;
  private final Maker missing;

  /** What happens where the path names nothing that can be entered. */
  interface Maker {
    /**
     * Makes a directory in the cursor's place, replacing a whiteout, and leaves the cursor there.
     */
    void make(Name name, Optional<FileStat> whiteout) throws IOException;
  }

  /**
   * @param floor how deep the directory lies that no symlink leads out of
   */
  InRootWalk(TreeCursor cursor, LowerView lower, int floor, Maker missing) {
    this.cursor = cursor;
    this.lower = lower;
    this.floor = floor;
    this.missing = missing;
  }

  /** Leaves the cursor in the directory that the path means. */
  void walk(List<Name> path, byte[] entry) throws IOException {
    int common = cursor.common(path);
    cursor.up(common);
    if (common == path.size()) {
      return;
    }
    Deque<byte[]> rest = new ArrayDeque<>();
    path.subList(common, path.size()).forEach(name -> rest.add(name.bytes()));
    int links = 0;
    while (!rest.isEmpty()) {
      byte[] part = rest.remove();
      if (isHere(part)) {
        continue;
      }
      if (isUp(part)) {
        cursor.up(Math.max(floor(), cursor.depth() - 1));
        continue;
      }
      Optional<byte[]> link = step(Name.of(part), entry);
      if (link.isPresent()) {
        if (++links > MOST_LINKS) {
          throw BadArchiveException.entry(entry, "too many symlinks on its path");
        }
        follow(link.get(), rest, entry);
      }
    }
  }

  /** On the way to the directory there are no symlinks: its path is a resolved one. */
  private int floor() {
    return Math.min(floor, cursor.depth());
  }

  private static boolean isHere(byte[] part) {
    return part.length == 0 || (part.length == 1 && part[0] == '.');
  }

  private static boolean isUp(byte[] part) {
    return part.length == 2 && part[0] == '.' && part[1] == '.';
  }

  /** Enters one name; the target instead where it is a symlink. */
  private Optional<byte[]> step(Name name, byte[] entry) throws IOException {
    try {
      cursor.down(name);
      return Optional.empty();
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
        throw e;
      }
    }
    Optional<FileStat> found = cursor.here().find(name);
    if (found.isPresent() && found.get().isSymlink()) {
      return Optional.of(cursor.here().readLink(name));
    }
    if (found.isPresent() && !Whiteouts.isWhiteout(found.get())) {
      throw BadArchiveException.entry(
          entry, "\"" + name + "\" on its path is a " + found.get().type());
    }
    if (found.isEmpty()) {
      Optional<byte[]> below = lower.link(cursor.path(name));
      if (below.isPresent()) {
        return below;
      }
    }
    missing.make(name, found);
    return Optional.empty();
  }

  private void follow(byte[] target, Deque<byte[]> rest, byte[] entry) throws IOException {
    if (target.length > 0 && target[0] == '/') {
      cursor.up(floor());
    }
    int end = target.length;
    for (int i = target.length - 1; i >= -1; i--) {
      if (i == -1 || target[i] == '/') {
        byte[] part = Arrays.copyOfRange(target, i + 1, end);
        if (part.length > 255 || !(isHere(part) || isUp(part) || Name.isValid(part))) {
          throw BadArchiveException.entry(
              entry, "a symlink on its path has a name that is not valid");
        }
        rest.push(part);
        end = i;
      }
    }
  }
}
