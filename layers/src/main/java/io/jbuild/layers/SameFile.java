package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * Whether a layer would say of a file what is below already. Times may be cut to seconds in one of
 * the two, so the content is always read; that is done last.
 */
final class SameFile {
  private static final int BLOCK = 1 << 16;

  private SameFile() {}

  static boolean is(
      Dir dir, Name name, FileStat stat, SortedMap<String, byte[]> xattrs, LowerView.File below)
      throws IOException {
    FileStat before = below.stat();
    if (stat.type() != before.type()
        || stat.size() != before.size()
        || stat.modified().seconds() != before.modified().seconds()
        || !stat.rdev().equals(before.rdev())
        || !Attributes.of(stat, xattrs).equals(Attributes.of(before, below.xattrs()))) {
      return false;
    }
    if (stat.type() == FileType.SYMLINK) {
      return Arrays.equals(dir.readLink(name), below.target());
    }
    return stat.type() != FileType.REGULAR || sameContent(dir, name, below);
  }

  private static boolean sameContent(Dir dir, Name name, LowerView.File below) throws IOException {
    try (InputFile one = dir.read(name);
        InputFile other = below.read()) {
      byte[] a = new byte[BLOCK];
      byte[] b = new byte[BLOCK];
      for (int count = fill(one, a); count > 0; count = fill(one, a)) {
        if (fill(other, b) != count || !Arrays.equals(a, 0, count, b, 0, count)) {
          return false;
        }
      }
      return fill(other, b) == 0;
    }
  }

  /** As many bytes as there are, up to a whole block. */
  private static int fill(InputFile file, byte[] block) throws IOException {
    int filled = 0;
    while (filled < block.length) {
      int count = file.read(block, filled, block.length - filled);
      if (count < 0) {
        break;
      }
      filled += count;
    }
    return filled;
  }
}
