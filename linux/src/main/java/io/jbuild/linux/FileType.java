package io.jbuild.linux;

import java.util.Locale;

/** The kinds of files, with the bits that {@code st_mode} has for them. */
public enum FileType {
  REGULAR(0100000),
  DIRECTORY(0040000),
  SYMLINK(0120000),
  CHARACTER_DEVICE(0020000),
  BLOCK_DEVICE(0060000),
  FIFO(0010000),
  SOCKET(0140000);

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /** The type in a {@code st_mode}. */
  public static FileType ofMode(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> REGULAR;
      case 0040000 -> DIRECTORY;
      case 0120000 -> SYMLINK;
      case 0020000 -> CHARACTER_DEVICE;
      case 0060000 -> BLOCK_DEVICE;
      case 0010000 -> FIFO;
      case 0140000 -> SOCKET;
      default ->
          throw new IllegalArgumentException(
              "no file type in mode 0" + Integer.toOctalString(mode));
    };
  }

  /** The {@code S_IFMT} bits. */
  public int bits() {
    return bits;
  }

  public boolean isDevice() {
    return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
  }

  /** For people: {@code character device}. */
  @Override
  public String toString() {
    return this == REGULAR ? "regular file" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
