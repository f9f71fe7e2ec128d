package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ContentOf;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Syscall;

/**
 * Enters the working directory, found without links of /proc that lead out, and makes sure that it
 * has a path in the new root: the kernel calls one outside of it "(unreachable)".
 */
public record EnterDirectory(TreePath path) implements SetupStep {
  private static final int PATH_MAX = 4096;

  @Override
  public void compile(Assembly out) {
    String what = "enter the directory \"" + path + "\"";
    ResultOf directory = out.openInRoot(what, path);
    out.calls().call(what, Syscall.FCHDIR, directory);
    Buffer current = new Buffer(new byte[PATH_MAX]);
    out.calls().call(what, Syscall.GETCWD, current, number(PATH_MAX));
    out.calls().check(what, new ContentOf(current), 0xff, '/', Errno.EXDEV.number());
  }
}
