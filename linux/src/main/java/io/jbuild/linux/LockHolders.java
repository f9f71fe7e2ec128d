package io.jbuild.linux;

import io.jbuild.linux.syscall.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who holds a lock, for messages to the user: read from {@code /proc/locks}. */
public final class LockHolders {
  private LockHolders() {}

  /**
   * The processes that hold a {@link LockFile} on this file, as far as this PID namespace shows
   * them; empty when nobody does, or nobody visible.
   */
  public static List<Long> of(Path lockFile) throws IOException {
    byte[] path = PathBytes.of(lockFile);
    Scratch scratch = Scratch.get();
    long result = Stats.path(path, scratch);
    if (result < 0) {
      throw new LinuxException("statx " + Failures.quote(Printable.of(path)), (int) -result);
    }
    FileStat stat = Stats.parse(scratch);
    DeviceNumber device = stat.device();
    String file =
        String.format(Locale.ROOT, "%02x:%02x:%d", device.major(), device.minor(), stat.inode());
    List<Long> holders = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
      String[] fields = line.trim().split("\\s+", -1);
      if (fields.length == 8 && fields[1].equals("FLOCK") && fields[5].equals(file)) {
        long pid = Long.parseLong(fields[4]);
        if (pid > 0) {
          holders.add(pid);
        }
      }
    }
    return holders;
  }
}
