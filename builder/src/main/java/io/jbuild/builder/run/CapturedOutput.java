package io.jbuild.builder.run;

import io.jbuild.builder.UserException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The output of a command that is a value: not more than fits into a variable, and text. */
public final class CapturedOutput extends OutputStream {
  /** Half of what the kernel takes as one variable (128 KiB). */
  public static final int MAX_BYTES = 64 * 1024;

  private final Runnable tooMuch;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean overflowed;

  /**
   * @param tooMuch is told, once, that there is more than can be kept
   */
  public CapturedOutput(Runnable tooMuch) {
    this.tooMuch = tooMuch;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] buffer, int offset, int length) {
    if (overflowed) {
      return;
    }
    overflowed = bytes.size() + length > MAX_BYTES;
    if (overflowed) {
      tooMuch.run();
    } else {
      bytes.write(buffer, offset, length);
    }
  }

  public synchronized boolean overflowed() {
    return overflowed;
  }

  /** The text without the newlines at its end. */
  public synchronized String value() throws UserException {
    String text;
    try {
      ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
      text = StandardCharsets.UTF_8.newDecoder().decode(all).toString();
    } catch (CharacterCodingException e) {
      throw new UserException("its output is not UTF-8", e);
    }
    if (text.indexOf('\0') >= 0) {
      throw new UserException("its output has a NUL character, which no variable can hold");
    }
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }
}
