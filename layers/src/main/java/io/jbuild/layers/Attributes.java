package io.jbuild.layers;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Timestamp;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a layer says of a file beside its type and content. Times are whole seconds, as in the tar;
 * only those extended attributes are kept that belong to a layer.
 */
public record Attributes(
    int permissions, long uid, long gid, Timestamp modified, SortedMap<String, byte[]> xattrs) {

  /** A directory that nobody described: root's, 0755, from 1970. */
  public static final Attributes DIRECTORY =
      new Attributes(0755, 0, 0, Timestamp.EPOCH, Collections.emptySortedMap());

  public Attributes {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException("permissions 0" + Integer.toOctalString(permissions));
    }
    if (uid < 0 || uid > TarEntry.MAX_ID || gid < 0 || gid > TarEntry.MAX_ID) {
      throw new IllegalArgumentException("owner " + uid + ":" + gid);
    }
    modified = Timestamp.ofSeconds(modified.seconds());
    xattrs =
        xattrs.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(Xattrs.portable(xattrs));
  }

  public static Attributes of(FileStat stat, SortedMap<String, byte[]> xattrs) {
    return new Attributes(stat.permissions(), stat.uid(), stat.gid(), stat.modified(), xattrs);
  }

  public Attributes withModified(Timestamp time) {
    return new Attributes(permissions, uid, gid, time, xattrs);
  }

  /**
   * chown clears set-id bits, and an ACL brings its own group bits; else a new file's mode stays as
   * it was made.
   */
  static boolean needPermissionsAgain(int permissions, SortedMap<String, byte[]> xattrs) {
    return (permissions & 06000) != 0
        || xattrs.keySet().stream().anyMatch(name -> name.startsWith("system."));
  }

  boolean sameButTime(Attributes other) {
    return permissions == other.permissions
        && uid == other.uid
        && gid == other.gid
        && sameXattrs(xattrs, other.xattrs);
  }

  private static boolean sameXattrs(
      SortedMap<String, byte[]> some, SortedMap<String, byte[]> others) {
    if (!some.keySet().equals(others.keySet())) {
      return false;
    }
    for (Map.Entry<String, byte[]> each : some.entrySet()) {
      if (!Arrays.equals(each.getValue(), others.get(each.getKey()))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Attributes that && sameButTime(that) && modified.equals(that.modified);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new long[] {permissions, uid, gid, modified.seconds()});
  }

  TarEntry.Builder onto(TarEntry.Builder entry) {
    return entry.permissions(permissions).owner(uid, gid).modified(modified).xattrs(xattrs);
  }

  static Attributes of(TarEntry entry) {
    return new Attributes(
        entry.permissions(),
        entry.uid(),
        entry.gid(),
        entry.modified(),
        new TreeMap<>(entry.xattrs()));
  }
}
