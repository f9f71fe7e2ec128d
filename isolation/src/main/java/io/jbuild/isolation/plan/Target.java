package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.Errno;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;

/**
 * A place in the root that something is mounted on.
 *
 * @param kind what is there, or what has to be made
 * @param existing how many names of the path, from the root, are there before the child starts; the
 *     rest lies in a mount that the child makes, and is made by it
 */
public record Target(TreePath path, Kind kind, int existing) {
  /** What a target is. */
  public enum Kind {
    DIRECTORY,
    FILE,
    /** A symlink that leads nowhere: covered itself, by a file. */
    LINK
  }

  private static final int REGULAR = 0100644;

  void attach(Assembly out, String what, Argument mount) {
    makeMissing(out, what);
    if (kind == Kind.LINK) {
      ResultOf parent = out.openInRoot(what, path.parent().orElseThrow());
      out.attach(what, OnError.FAIL, mount, parent, path.name().bytes());
    } else {
      out.attach(what, mount, out.openInRoot(what, path));
    }
  }

  private void makeMissing(Assembly out, String what) {
    OnError present = OnError.tolerate(Errno.EEXIST.number());
    for (int depth = existing; depth < path.depth(); depth++) {
      TreePath parent = TreePath.of(path.names().subList(0, depth));
      Name name = path.names().get(depth);
      ResultOf directory = out.openInRoot(what, parent);
      boolean file = kind == Kind.FILE && depth == path.depth() - 1;
      out.calls()
          .call(
              "make a place to " + what,
              present,
              file ? Syscall.MKNODAT : Syscall.MKDIRAT,
              directory,
              text(name.bytes()),
              number(file ? REGULAR : 0755),
              number(0));
    }
  }
}
