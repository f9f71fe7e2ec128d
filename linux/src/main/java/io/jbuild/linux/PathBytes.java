package io.jbuild.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** A {@link Path} of the default file system as the bytes that the kernel knows it by. */
public final class PathBytes {
  private PathBytes() {}

  /**
   * The absolute path's bytes.
   *
   * <p>A {@code Path} keeps the bytes that it was made from, but its text goes through {@code
   * sun.jnu.encoding}, which is ASCII in a C locale. Its URI has the bytes percent-encoded,
   * exactly; it costs a stat, so it is asked only where the text is not plain ASCII.
   */
  public static byte[] of(Path path) {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException("not a path of the kernel's: " + path);
    }
    Path absolute = path.toAbsolutePath();
    String text = absolute.toString();
    return isAscii(text)
        ? text.getBytes(StandardCharsets.US_ASCII)
        : decode(absolute.toUri().getRawPath());
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static byte[] decode(String escaped) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%') {
        out.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
        i += 2;
      } else {
        out.write(c);
      }
    }
    return out.toByteArray();
  }
}
