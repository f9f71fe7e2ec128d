package io.jbuild.overlay;

import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * One resolution of a path inside a root: what is reached so far, and the components still to go.
 */
final class LinkWalk {
  /** As Linux: path_resolution(7). */
  private static final int MAX_LINKS = 40;

  private final TreeView tree;
  private final Deque<byte[]> pending = new ArrayDeque<>();
  private TreePath reached = TreePath.ROOT;
  private int links;

  LinkWalk(TreeView tree) {
    this.tree = tree;
  }

  TreeView.Resolved follow(TreePath path) throws IOException {
    push(path.bytes());
    Optional<FileStat> here = tree.lookup(TreePath.ROOT);
    while (!pending.isEmpty()) {
      here = step(pending.pop(), path);
    }
    return new TreeView.Resolved(reached, here);
  }

  private Optional<FileStat> step(byte[] component, TreePath whole) throws IOException {
    if (isDotDot(component)) {
      reached = reached.parent().orElse(TreePath.ROOT);
      return tree.lookup(reached);
    }
    TreePath next = reached.resolve(Name.of(component));
    Optional<FileStat> found = tree.lookup(next);
    if (found.isEmpty() || !found.get().isSymlink()) {
      reached = next;
      return found;
    }
    if (++links > MAX_LINKS) {
      throw new LinuxException("resolve \"" + whole + "\" in its root", Errno.ELOOP);
    }
    byte[] target = tree.readLink(next);
    if (target.length > 0 && target[0] == '/') {
      reached = TreePath.ROOT;
    }
    push(target);
    return tree.lookup(reached);
  }

  /** Puts the components of a text in front of those that are still to go. */
  private void push(byte[] text) {
    int end = text.length;
    while (end > 0) {
      int start = end;
      while (start > 0 && text[start - 1] != '/') {
        start--;
      }
      byte[] component = Arrays.copyOfRange(text, start, end);
      if (component.length > 0 && !(component.length == 1 && component[0] == '.')) {
        pending.push(component);
      }
      end = start - 1;
    }
  }

  private static boolean isDotDot(byte[] component) {
    return component.length == 2 && component[0] == '.' && component[1] == '.';
  }
}
