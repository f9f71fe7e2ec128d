package io.jbuild.builder.libs;

import io.jbuild.linux.TreePath;
import java.nio.charset.StandardCharsets;

/** Paths as the loader reads them: one character for each byte, whatever the encoding. */
final class Texts {
  private Texts() {}

  static TreePath path(String bytes) {
    return TreePath.parse(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String text(TreePath path) {
    return new String(path.bytes(), StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The part after the last slash. */
  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
