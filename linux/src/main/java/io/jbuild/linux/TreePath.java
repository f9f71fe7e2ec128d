package io.jbuild.linux;

import java.io.ByteArrayOutputStream;
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
  public static final TreePath ROOT = new TreePath(List.of());

  private final List<Name> names;

  private TreePath(List<Name> names) {
    this.names = names;
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
    return names.isEmpty() ? ROOT : new TreePath(List.copyOf(names));
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
    List<Name> all = new ArrayList<>(names.size() + 1);
    all.addAll(names);
    all.add(name);
    return new TreePath(List.copyOf(all));
  }

  /** This path followed by the names of the other. */
  public TreePath resolve(TreePath below) {
    List<Name> all = new ArrayList<>(names);
    all.addAll(below.names);
    return of(all);
  }

  /** The path without its last name; empty for the root. */
  public Optional<TreePath> parent() {
    return isRoot() ? Optional.empty() : Optional.of(of(names.subList(0, names.size() - 1)));
  }

  /** The last name. The root has none: asking it is a bug. */
  public Name name() {
    if (isRoot()) {
      throw new IllegalStateException("the root has no name");
    }
    return names.get(names.size() - 1);
  }

  /** The names from the root down, unmodifiable. */
  public List<Name> names() {
    return names;
  }

  public int depth() {
    return names.size();
  }

  public boolean isRoot() {
    return names.isEmpty();
  }

  /** Whether this is the other path or below it, by whole names. */
  public boolean startsWith(TreePath other) {
    return names.size() >= other.names.size()
        && names.subList(0, other.names.size()).equals(other.names);
  }

  /** The other path as seen from this one, which it has to start with. */
  public TreePath relativize(TreePath below) {
    if (!below.startsWith(this)) {
      throw new IllegalArgumentException(below + " is not below " + this);
    }
    return of(below.names.subList(names.size(), below.names.size()));
  }

  /** {@code /a/b}; the root is {@code /}. */
  public byte[] bytes() {
    return isRoot() ? new byte[] {'/'} : joined(true);
  }

  /** {@code a/b}; the root is empty. As tar names and {@code *at} calls want it. */
  public byte[] relativeBytes() {
    return joined(false);
  }

  private byte[] joined(boolean absolute) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * (names.size() + 1));
    for (int i = 0; i < names.size(); i++) {
      if (absolute || i > 0) {
        out.write('/');
      }
      out.writeBytes(names.get(i).raw());
    }
    return out.toByteArray();
  }

  @Override
  public int compareTo(TreePath other) {
    int common = Math.min(names.size(), other.names.size());
    for (int i = 0; i < common; i++) {
      int order = names.get(i).compareTo(other.names.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(names.size(), other.names.size());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TreePath that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  /** For people: escaped as by {@link Printable}. */
  @Override
  public String toString() {
    return Printable.of(bytes());
  }
}
