package io.jbuild.linux;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Bytes of unknown origin as text that is safe on a terminal and in a log line. */
public final class Printable {
  private Printable() {}

  /**
   * Decodes UTF-8; what is not valid UTF-8 appears as {@code \xNN}, control and formatting
   * characters as {@code \n}, {@code \x1b} or {@code \\u202e}, and a backslash as {@code \\}.
   */
  public static String of(byte[] bytes) {
    if (isPlain(bytes)) {
      return new String(bytes, StandardCharsets.US_ASCII);
    }
    StringBuilder out = new StringBuilder(bytes.length + 16);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    while (in.hasRemaining()) {
      var result = decoder.decode(in, chars, true);
      flush(chars, out);
      for (int i = 0; result.isError() && i < result.length(); i++) {
        hex(in.get() & 0xff, out);
      }
      decoder.reset();
    }
    return out.toString();
  }

  private static boolean isPlain(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0x20 || b == 0x7f || b == '\\') {
        return false;
      }
    }
    return true;
  }

  private static void flush(CharBuffer chars, StringBuilder out) {
    chars.flip();
    chars.toString().codePoints().forEach(c -> escape(c, out));
    chars.clear();
  }

  private static void escape(int c, StringBuilder out) {
    switch (c) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < 0x20 || c == 0x7f) {
          hex(c, out);
        } else if (isHidden(c)) {
          out.append(String.format(Locale.ROOT, "\\u%04x", c));
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }

  /** C1 controls, bidirectional overrides, line separators, unassigned and private characters. */
  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private static void hex(int b, StringBuilder out) {
    out.append(String.format(Locale.ROOT, "\\x%02x", b));
  }
}
