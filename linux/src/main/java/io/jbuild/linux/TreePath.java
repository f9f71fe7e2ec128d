package io.jbuild.linux;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An absolute path below some root that is known from elsewhere: lexically clean, never with {@code
 * ..}, names as bytes. It says nothing about symlinks; whoever walks it decides.
 *
 * <p>Ordered by components, a directory before what it holds.
 */
public final class TreePath implements Comparable<TreePath> {
  public static final TreePath ROOT = new TreePath();

  /** Paths share the one above: a walk of a tree makes one small object for each of its files. */
  private final @Nullable TreePath above;

  private final @Nullable Name last;
  private final int depth;
  private final int hash;

  private TreePath() {
    above = null;
    last = null;
    depth = 0;
    hash = 1;
  }

  private TreePath(TreePath above, Name last) {
    this.above = above;
    this.last = last;
    this.depth = above.depth + 1;
    this.hash = 31 * above.hash + last.hashCode();
  }

  /** Cleans a path as if it began with a slash: {@code a/../../b/.} is {@code /b}. */
  public static TreePath parse(String path) {
    return parse(Utf8.bytes(path));
  }

  /** As {@link #parse(String)}; a NUL byte is refused. */
  public static TreePath parse(byte[] path) {
    List<Name> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        add(names, Arrays.copyOfRange(path, start, i));
        start = i + 1;
      }
    }
    return of(names);
  }

  public static TreePath of(List<Name> names) {
    TreePath path = ROOT;
    for (Name name : names) {
      path = new TreePath(path, name);
    }
    return path;
  }

  private static void add(List<Name> names, byte[] part) {
    boolean up = part.length == 2 && part[0] == '.' && part[1] == '.';
    boolean here = part.length == 0 || (part.length == 1 && part[0] == '.');
    if (up && !names.isEmpty()) {
      names.remove(names.size() - 1);
    } else if (!up && !here) {
      names.add(Name.wrap(part));
    }
  }

  public TreePath resolve(Name name) {
    return new TreePath(this, name);
  }

  /** This path followed by the names of the other. */
  public TreePath resolve(TreePath below) {
    TreePath path = this;
    for (Name name : below.names()) {
      path = new TreePath(path, name);
    }
    return path;
  }

  /** The path without its last name; empty for the root. */
  public Optional<TreePath> parent() {
    return Optional.ofNullable(above);
  }

  /** The last name. The root has none: asking it is a bug. */
  public Name name() {
    if (last == null) {
      throw new IllegalStateException("the root has no name");
    }
    return last;
  }

  /** The names from the root down, unmodifiable. */
  public List<Name> names() {
    Name[] names = new Name[depth];
    for (TreePath at = this; at.above != null; at = at.above) {
      names[at.depth - 1] = at.name();
    }
    return List.of(names);
  }

  public int depth() {
    return depth;
  }

  public boolean isRoot() {
    return depth == 0;
  }

  /** Whether this is the other path or below it, by whole names. */
  public boolean startsWith(TreePath other) {
    return depth >= other.depth && ancestor(other.depth).equals(other);
  }

  private TreePath ancestor(int wanted) {
    TreePath at = this;
    while (at.depth > wanted && at.above != null) {
      at = at.above;
    }
    return at;
  }

  /** The other path as seen from this one, which it has to start with. */
  public TreePath relativize(TreePath below) {
    if (!below.startsWith(this)) {
      throw new IllegalArgumentException(below + " is not below " + this);
    }
    return of(below.names().subList(depth, below.depth));
  }

  /** {@code /a/b}; the root is {@code /}. */
  public byte[] bytes() {
    return isRoot() ? new byte[] {'/'} : joined(0, true);
  }

  /** {@code a/b}; the root is empty. As tar names and {@code *at} calls want it. */
  public byte[] relativeBytes() {
    return joined(0, false);
  }

  /** {@code c/d} of {@code /a/b/c/d} below {@code /a/b}, which it has to start with. */
  public byte[] relativeBytes(TreePath above) {
    if (!startsWith(above)) {
      throw new IllegalArgumentException(this + " is not below " + above);
    }
    return joined(above.depth, false);
  }

  /** The names below the first ones. */
  private byte[] joined(int from, boolean absolute) {
    int length = absolute || depth == from ? 0 : -1;
    for (TreePath at = this; at.depth > from && at.above != null; at = at.above) {
      length += 1 + at.name().length();
    }
    byte[] joined = new byte[length];
    int end = length;
    for (TreePath at = this; at.depth > from && at.above != null; at = at.above) {
      byte[] name = at.name().raw();
      end -= name.length;
      System.arraycopy(name, 0, joined, end, name.length);
      if (end > 0) {
        joined[--end] = '/';
      }
    }
    return joined;
  }

  @Override
  public int compareTo(TreePath other) {
    TreePath mine = ancestor(other.depth);
    TreePath others = other.ancestor(depth);
    int order = 0;
    // From the end up, so the last difference seen is the first in the paths.
    while (mine != others && mine.above != null && others.above != null) {
      int here = mine.name().compareTo(others.name());
      order = here == 0 ? order : here;
      mine = mine.above;
      others = others.above;
    }
    return order != 0 ? order : Integer.compare(depth, other.depth);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof TreePath that) || hash != that.hash || depth != that.depth) {
      return false;
    }
    TreePath mine = this;
    TreePath others = that;
    while (mine != others && mine.above != null && others.above != null) {
      if (!mine.name().equals(others.name())) {
        return false;
      }
      mine = mine.above;
      others = others.above;
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For people: escaped as by {@link Printable}. */
  @Override
  public String toString() {
    return Printable.of(bytes());
  }
}
