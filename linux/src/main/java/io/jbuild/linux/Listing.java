package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** getdents64(2). */
final class Listing {
  private static final int NAME = 19;

  private Listing() {}

  /** All names but the dots, sorted. Reads from the start, so two at a time would mix up. */
  static List<Name> of(int dir) throws LinuxException {
    Failures.check(Kernel.call(Syscall.LSEEK, dir, 0, 0), Syscall.LSEEK, dir, null);
    List<Name> names = new ArrayList<>();
    Scratch scratch = Scratch.get();
    long filled;
    do {
      filled = Kernel.call(Syscall.GETDENTS64, dir, scratch.dataAddress(), Scratch.DATA_SIZE);
      Failures.check(filled, Syscall.GETDENTS64, dir, null);
      parse(scratch.data(), (int) filled, names);
    } while (filled > 0);
    Collections.sort(names);
    return names;
  }

  private static void parse(ByteBuffer entries, int filled, List<Name> into) {
    for (int at = 0; at < filled; ) {
      int next = at + (entries.getShort(at + 16) & 0xffff);
      int end = at + NAME;
      while (entries.get(end) != 0) {
        end++;
      }
      byte[] name = new byte[end - at - NAME];
      entries.get(at + NAME, name);
      if (!isDots(name)) {
        into.add(Name.wrap(name));
      }
      at = next;
    }
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }
}
