package io.jbuild.linux.mount;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One option of a file system: a flag, or a key with a value. */
public sealed interface MountOption {
  String key();

  /** An option without a value: {@code userxattr}. */
  record Flag(String key) implements MountOption {
    @Override
    public String toString() {
      return key;
    }
  }

  /** An option with a value, which may be a path and so has bytes. */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
  record Text(String key, byte[] value) implements MountOption {
    public Text {
      value = value.clone();
    }

    public Text(String key, String value) {
      this(key, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Text that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return key + "=" + io.jbuild.linux.Printable.of(value);
    }
  }
}
