package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** getdents64(2). */
final class Listing {
  private static final int LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Listing() {}

  /** An entry; the type is null where the file system does not tell it. */
  record Entry(Name name, @Nullable FileType type) {}

  /** The names that are wanted, without the dots, in the directory's own order. */
  static List<Entry> of(int dir, boolean rewind, NameFilter filter) throws LinuxException {
    // Reads from the start, so two at a time would mix up.
    if (rewind) {
      Failures.check(Kernel.call(Syscall.LSEEK, dir, 0, 0), Syscall.LSEEK, dir, null);
    }
    List<Entry> entries = new ArrayList<>();
    Scratch scratch = Scratch.get();
    long filled;
    do {
      filled = Kernel.call(Syscall.GETDENTS64, dir, scratch.dataAddress(), Scratch.DATA_SIZE);
      Failures.check(filled, Syscall.GETDENTS64, dir, null);
      if (filled > 0) {
        parse(scratch.copy((int) filled), filter, entries);
      }
    } while (filled > 0);
    return entries;
  }

  private static void parse(byte[] entries, NameFilter filter, List<Entry> into) {
    for (int at = 0; at < entries.length; ) {
      int next = at + recordLength(entries, at);
      int start = at + NAME;
      // Its NUL is among the last eight bytes: what follows only aligns the next record.
      int end = Math.max(start, next - Long.BYTES);
      while (entries[end] != 0) {
        end++;
      }
      FileType type = type(entries[at + TYPE]);
      if (!isDots(entries, start, end) && filter.wants(entries, start, end, type)) {
        Name name = Name.fromKernel(Arrays.copyOfRange(entries, start, end));
        into.add(new Entry(name, type));
      }
      at = next;
    }
  }

  /** The bits that a mode has for it, moved down; 0 and what nobody knows is null. */
  private static @Nullable FileType type(int told) {
    return switch (told) {
      case 1, 2, 4, 6, 8, 10, 12 -> FileType.ofMode(told << 12);
      default -> null;
    };
  }

  private static int recordLength(byte[] entries, int at) {
    int first = entries[at + LENGTH] & 0xff;
    int second = entries[at + LENGTH + 1] & 0xff;
    return LITTLE_ENDIAN ? second << 8 | first : first << 8 | second;
  }

  private static boolean isDots(byte[] bytes, int start, int end) {
    return bytes[start] == '.'
        && (end - start == 1 || (end - start == 2 && bytes[start + 1] == '.'));
  }
}
