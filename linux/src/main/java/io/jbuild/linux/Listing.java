package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** getdents64(2). */
final class Listing {
  private static final int LENGTH = 16;
  private static final int NAME = 19;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Listing() {}

  /** All names but the dots, sorted. Reads from the start, so two at a time would mix up. */
  static List<Name> of(int dir, boolean rewind) throws LinuxException {
    if (rewind) {
      Failures.check(Kernel.call(Syscall.LSEEK, dir, 0, 0), Syscall.LSEEK, dir, null);
    }
    List<Name> names = new ArrayList<>();
    Scratch scratch = Scratch.get();
    long filled;
    do {
      filled = Kernel.call(Syscall.GETDENTS64, dir, scratch.dataAddress(), Scratch.DATA_SIZE);
      Failures.check(filled, Syscall.GETDENTS64, dir, null);
      parse(scratch.copy((int) filled), names);
    } while (filled > 0);
    Collections.sort(names);
    return names;
  }

  private static void parse(byte[] entries, List<Name> into) {
    for (int at = 0; at < entries.length; ) {
      int next = at + recordLength(entries, at);
      int end = at + NAME;
      while (entries[end] != 0) {
        end++;
      }
      byte[] name = Arrays.copyOfRange(entries, at + NAME, end);
      if (!isDots(name)) {
        into.add(Name.fromKernel(name));
      }
      at = next;
    }
  }

  private static int recordLength(byte[] entries, int at) {
    int first = entries[at + LENGTH] & 0xff;
    int second = entries[at + LENGTH + 1] & 0xff;
    return LITTLE_ENDIAN ? second << 8 | first : first << 8 | second;
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }
}
