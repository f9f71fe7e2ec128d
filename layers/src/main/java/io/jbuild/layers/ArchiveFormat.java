package io.jbuild.layers;

import java.util.Arrays;
import java.util.Optional;

/** What the first bytes of a file say it is. */
public enum ArchiveFormat {
  TAR,
  GZIP,
  ZSTD,
  BZIP2,
  XZ;

  /** As many bytes as {@link #detect} wants to see, if there are so many. */
  public static final int HEAD = 512;

  private static final int[] GZIP_MAGIC = {0x1f, 0x8b, 8};
  private static final int[] ZSTD_MAGIC = {0x28, 0xb5, 0x2f, 0xfd};
  private static final int[] BZIP2_MAGIC = {'B', 'Z', 'h'};
  private static final int[] XZ_MAGIC = {0xfd, '7', 'z', 'X', 'Z', 0};

  /** The format, or empty for anything else. A tar is known by its first header's checksum. */
  public static Optional<ArchiveFormat> detect(byte[] head) {
    if (startsWith(head, GZIP_MAGIC)) {
      return Optional.of(GZIP);
    }
    if (startsWith(head, ZSTD_MAGIC) || isSkippableFrame(head)) {
      return Optional.of(ZSTD);
    }
    if (startsWith(head, BZIP2_MAGIC)) {
      return Optional.of(BZIP2);
    }
    if (startsWith(head, XZ_MAGIC)) {
      return Optional.of(XZ);
    }
    return isTar(head) ? Optional.of(TAR) : Optional.empty();
  }

  private static boolean startsWith(byte[] head, int[] magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** zstd streams may begin with frames for others: 0x184D2A50 to 0x184D2A5F, little endian. */
  private static boolean isSkippableFrame(byte[] head) {
    return head.length >= 4
        && (head[0] & 0xf0) == 0x50
        && head[1] == 0x2a
        && head[2] == 0x4d
        && head[3] == 0x18;
  }

  private static boolean isTar(byte[] head) {
    if (head.length < HEAD) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < HEAD; i++) {
      sum += i >= 148 && i < 156 ? ' ' : head[i] & 0xff;
    }
    String digits =
        new String(
            Arrays.copyOfRange(head, 148, 156), java.nio.charset.StandardCharsets.ISO_8859_1);
    String stated = digits.replace('\0', ' ').strip();
    return stated.matches("[0-7]{1,7}") && Integer.parseInt(stated, 8) == sum;
  }
}
