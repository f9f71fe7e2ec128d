package io.jbuild.linux.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A file system in memory.
 *
 * @param bytes the most that it may hold; empty for the kernel's half of the memory
 * @param inodes the most files that it may hold
 * @param mode permissions of its root
 */
public record Tmpfs(OptionalLong bytes, OptionalLong inodes, int mode) implements Filesystem {
  public Tmpfs {
    if ((mode & ~07777) != 0) {
      throw new IllegalArgumentException("mode out of range: 0" + Integer.toOctalString(mode));
    }
    bytes.ifPresent(n -> requirePositive("bytes", n));
    inodes.ifPresent(n -> requirePositive("inodes", n));
  }

  public static Tmpfs ofBytes(long bytes, int mode) {
    return new Tmpfs(OptionalLong.of(bytes), OptionalLong.empty(), mode);
  }

  private static void requirePositive(String what, long n) {
    if (n <= 0) {
      throw new IllegalArgumentException("tmpfs with " + n + " " + what);
    }
  }

  @Override
  public String type() {
    return "tmpfs";
  }

  @Override
  public List<MountOption> options() {
    List<MountOption> options = new ArrayList<>();
    options.add(new MountOption.Text("mode", Integer.toOctalString(mode)));
    bytes.ifPresent(n -> options.add(new MountOption.Text("size", Long.toString(n))));
    inodes.ifPresent(n -> options.add(new MountOption.Text("nr_inodes", Long.toString(n))));
    return List.copyOf(options);
  }

  @Override
  public boolean showsNamespaces() {
    return false;
  }
}
