package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;

/** Makes files like others, with all that a user of the tree can see of them. */
final class FileCopies {
  private FileCopies() {}

  /** Makes a file that is no directory, under the same name. */
  static void file(Dir from, Name name, FileStat stat, Dir to) throws IOException {
    switch (stat.type()) {
      case REGULAR -> regular(from, name, to);
      case SYMLINK -> {
        to.symlink(name, from.readLink(name));
        to.setOwner(name, stat.uid(), stat.gid());
        attributes(from.xattrs(name), (key, value) -> to.setXattr(name, key, value));
        to.setTimes(name, stat.modified());
      }
      default -> {
        to.makeNode(name, stat.type(), stat.permissions(), stat.rdev());
        to.setOwner(name, stat.uid(), stat.gid());
        attributes(from.xattrs(name), (key, value) -> to.setXattr(name, key, value));
        to.setPermissions(name, stat.permissions());
        to.setTimes(name, stat.modified());
      }
    }
  }

  /** The owner first, since changing it clears set-id bits and capabilities; the time last. */
  private static void regular(Dir from, Name name, Dir to) throws IOException {
    try (InputFile source = from.read(name);
        OutputFile copy = to.create(name, 0600)) {
      FileStat stat = from.stat(name);
      copy.copyFrom(source);
      copy.setOwner(stat.uid(), stat.gid());
      attributes(from.xattrs(name), copy::setXattr);
      copy.setPermissions(stat.permissions());
      copy.setTimes(stat.modified());
    }
  }

  /** Gives a directory the attributes of another. */
  static void describe(Dir from, Dir to) throws IOException {
    FileStat stat = from.stat();
    to.setOwner(stat.uid(), stat.gid());
    SortedMap<String, byte[]> wanted = from.xattrs();
    for (String old : OverlayFormat.portable(to.xattrs()).keySet()) {
      if (!wanted.containsKey(old)) {
        to.removeXattr(old);
      }
    }
    attributes(wanted, to::setXattr);
    to.setPermissions(stat.permissions());
    to.setTimes(stat.modified());
  }

  private interface Setter {
    void set(String key, byte[] value) throws IOException;
  }

  private static void attributes(SortedMap<String, byte[]> xattrs, Setter setter)
      throws IOException {
    for (Map.Entry<String, byte[]> each : OverlayFormat.portable(xattrs).entrySet()) {
      setter.set(each.getKey(), each.getValue());
    }
  }
}
