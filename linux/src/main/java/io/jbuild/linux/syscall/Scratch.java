package io.jbuild.linux.syscall;

import com.kenai.jffi.MemoryIO;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The calling thread's small piece of native memory for the operands and results of one call: two
 * strings and {@value #DATA_SIZE} bytes of data.
 *
 * <p>The contents are valid until the same thread makes its next call; whoever gets a {@code
 * Scratch} uses it up before calling anything else that might. All access is bounds-checked.
 */
public final class Scratch {
  /** As large as the largest xattr value or list that the kernel hands out. */
  public static final int DATA_SIZE = 65536;

  /**
   * PATH_MAX and a little. A longer string is cut here, behind the 4,096 bytes in which the kernel
   * looks for its end: it answers ENAMETOOLONG and never uses the shorter one.
   */
  private static final int LONGEST = 4096 + 8;

  private static final int STRING_SIZE = LONGEST + 64;

  private static final byte[] PROC_FD =
      "/proc/self/fd/".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** A class rather than a lambda: the first lambda of a JVM costs its start-up milliseconds. */
  private static final ThreadLocal<Scratch> OWN =
      new ThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  private final ByteBuffer first = ByteBuffer.allocateDirect(STRING_SIZE);
  private final ByteBuffer second = ByteBuffer.allocateDirect(STRING_SIZE);
  private final ByteBuffer data =
      ByteBuffer.allocateDirect(DATA_SIZE).order(ByteOrder.nativeOrder());
  private final long firstAddress = address(first);
  private final long secondAddress = address(second);
  private final long dataAddress = address(data);

  private Scratch() {}

  /** The calling thread's own. */
  public static Scratch get() {
    return OWN.get();
  }

  /** The address of a direct buffer's first byte (not of its position). */
  public static long address(Buffer direct) {
    return MemoryIO.getInstance().getDirectBufferAddress(direct);
  }

  /** Puts a NUL-terminated string and tells its address. */
  public long string(byte[] bytes) {
    put(first, bytes);
    return firstAddress;
  }

  /** Puts a second NUL-terminated string and tells its address. */
  public long secondString(byte[] bytes) {
    put(second, bytes);
    return secondAddress;
  }

  /** Puts {@code /proc/self/fd/N}, followed by a slash and the name unless that is empty. */
  public long procPath(int fd, byte[] name) {
    first.clear();
    first.put(PROC_FD);
    putDecimal(fd);
    if (name.length > 0) {
      first.put((byte) '/').put(name, 0, Math.min(name.length, LONGEST));
    }
    first.put((byte) 0);
    return firstAddress;
  }

  /**
   * The data area, in native byte order, cleared to its full size; its bytes are left as they are.
   */
  public ByteBuffer data() {
    data.clear();
    return data;
  }

  public long dataAddress() {
    return dataAddress;
  }

  /** Copies the first bytes of the data area. */
  public byte[] copy(int length) {
    byte[] bytes = new byte[length];
    data().get(0, bytes); // whatever limit the last user of the area left
    return bytes;
  }

  private void putDecimal(int number) {
    if (number >= 10) {
      putDecimal(number / 10);
    }
    first.put((byte) ('0' + number % 10));
  }

  private static void put(ByteBuffer area, byte[] bytes) {
    area.clear();
    area.put(bytes, 0, Math.min(bytes.length, LONGEST)).put((byte) 0);
  }
}
