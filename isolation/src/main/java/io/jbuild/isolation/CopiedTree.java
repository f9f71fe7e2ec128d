package io.jbuild.isolation;

import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import java.io.IOException;
import java.util.Map;

/**
 * Copies of files and directories, with owners, modes, times and attributes. Devices and sockets
 * are left out.
 */
final class CopiedTree {
  private static final int DEEPEST = 500;
  private static final String OF_OVERLAYS = "trusted.";

  private CopiedTree() {}

  /** Copies one entry, and all that is below it. */
  static void copy(Dir from, Name name, Dir to, Name as) throws IOException {
    copy(from, name, to, as, 0);
  }

  private static void copy(Dir from, Name name, Dir to, Name as, int depth) throws IOException {
    FileStat stat = from.stat(name);
    if (stat.isDirectory()) {
      directory(from, name, to, as, depth);
    } else if (stat.isRegular()) {
      regular(from, name, to, as);
    } else if (stat.type() == FileType.SYMLINK) {
      to.symlink(as, from.readLink(name));
      to.setOwner(as, stat.uid(), stat.gid());
      to.setTimes(as, stat.modified());
    }
  }

  private static void directory(Dir from, Name name, Dir to, Name as, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("more than " + DEEPEST + " directories within one another");
    }
    try (Dir source = from.open(name);
        Dir copy = to.makeDir(as, 0700)) {
      for (DirEntry entry : source.entries()) {
        copy(source, entry.name(), copy, entry.name(), depth + 1);
      }
      FileStat stat = source.stat();
      copy.setOwner(stat.uid(), stat.gid());
      for (Map.Entry<String, byte[]> xattr : source.xattrs().entrySet()) {
        if (!xattr.getKey().startsWith(OF_OVERLAYS)) {
          copy.setXattr(xattr.getKey(), xattr.getValue());
        }
      }
      copy.setPermissions(stat.permissions());
      copy.setTimes(stat.modified());
    }
  }

  /** The owner before the mode and the attributes, which a change of it clears. */
  private static void regular(Dir from, Name name, Dir to, Name as) throws IOException {
    try (InputFile source = from.read(name);
        OutputFile copy = to.create(as, 0600)) {
      FileStat stat = from.stat(name);
      if (!copy.cloneFrom(source)) {
        long unused = source.asStream().transferTo(copy.asStream());
      }
      copy.setOwner(stat.uid(), stat.gid());
      for (Map.Entry<String, byte[]> xattr : from.xattrs(name).entrySet()) {
        if (!xattr.getKey().startsWith(OF_OVERLAYS)) {
          copy.setXattr(xattr.getKey(), xattr.getValue());
        }
      }
      copy.setPermissions(stat.permissions());
      copy.setTimes(stat.modified());
    }
  }
}
