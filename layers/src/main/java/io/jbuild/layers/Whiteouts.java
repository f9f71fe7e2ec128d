package io.jbuild.layers;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Deletions: {@code .wh.name} files in a tar, character devices 0:0 and an attribute in a
 * directory.
 */
final class Whiteouts {
  static final byte[] PREFIX = bytes(".wh.");

  /** The tar's mark of an opaque directory. */
  static final byte[] OPAQUE = bytes(".wh..wh..opq");

  /** What AUFS kept for itself; it never meant a file. */
  static final byte[] AUFS = bytes(".wh..wh.");

  private static final byte[] YES = {'y'};

  private Whiteouts() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static boolean isWhiteout(FileStat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE && stat.rdev().equals(DeviceNumber.NONE);
  }

  static void make(Dir dir, Name name) throws IOException {
    dir.makeNode(name, FileType.CHARACTER_DEVICE, 0, DeviceNumber.NONE);
  }

  static void makeOpaque(Dir dir, Name name) throws IOException {
    dir.setXattr(name, Xattrs.OPAQUE, YES);
  }

  static void makeOpaque(Dir dir) throws IOException {
    dir.setXattr(Xattrs.OPAQUE, YES);
  }

  /** {@code .wh.} followed by the name. */
  static byte[] hiding(Name name) {
    byte[] hidden = name.bytes();
    byte[] whiteout = Arrays.copyOf(PREFIX, PREFIX.length + hidden.length);
    System.arraycopy(hidden, 0, whiteout, PREFIX.length, hidden.length);
    return whiteout;
  }
}
