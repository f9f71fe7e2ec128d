package io.jbuild.linux.spawn;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** An argument of a step: a number, or something whose address or content is known only later. */
public sealed interface Argument {

  static Argument number(long value) {
    return new Value(value);
  }

  /** A NUL-terminated path or name. */
  static Buffer text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  static Buffer text(byte[] text) {
    for (byte b : text) {
      if (b == 0) {
        throw new IllegalArgumentException(
            "NUL in \"" + new String(text, StandardCharsets.UTF_8) + "\"");
      }
    }
    return new Buffer(Arrays.copyOf(text, text.length + 1));
  }

  /** A plain number. */
  record Value(long value) implements Argument {}

  /** What an earlier step returned. */
  record ResultOf(int step) implements Argument {}

  /** The first eight bytes of a buffer, read when the step runs. */
  record ContentOf(Buffer buffer) implements Argument {}

  /** The address of a NULL-terminated array of NUL-terminated strings: argv, envp. */
  record Strings(List<byte[]> strings) implements Argument {
    public Strings {
      strings = strings.stream().map(byte[]::clone).toList();
    }
  }

  /** The address of a structure one of whose fields is the address of a buffer (sock_fprog). */
  record Pointing(Buffer structure, int offset, Buffer target) implements Argument {}

  /**
   * The address of writable memory with this initial content. A buffer has an identity: used in two
   * steps, it is one place in the child's memory, so that one step may read what another wrote.
   */
  final class Buffer implements Argument {
    private final byte[] content;

    public Buffer(byte[] content) {
      this.content = content.clone();
    }

    byte[] content() {
      return content;
    }
  }
}
