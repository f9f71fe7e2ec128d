package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes of an open file, or of an entry that is not followed.
 *
 * <p>There are no {@code *at} calls for them before Linux 6.13, so an entry is reached as {@code
 * /proc/self/fd/N/name} by the {@code l…} calls: the magic link leads to the open directory and the
 * last component is not followed. The kernel's largest list and value are 64 KiB, which the scratch
 * memory holds, so there is no size to guess and no ERANGE to loop over.
 */
final class Xattrs {
  static final SortedMap<String, byte[]> NONE = Collections.unmodifiableSortedMap(new TreeMap<>());

  private Xattrs() {}

  /** All attributes; the name is null for the open file itself. */
  static SortedMap<String, byte[]> all(int fd, @Nullable Name name) throws LinuxException {
    Scratch scratch = Scratch.get();
    long file = target(scratch, fd, name);
    Syscall list = name == null ? Syscall.FLISTXATTR : Syscall.LLISTXATTR;
    long length = Kernel.call(list, file, scratch.dataAddress(), Scratch.DATA_SIZE);
    if (length == 0 || length == -Errno.EOPNOTSUPP.number()) {
      return NONE;
    }
    Failures.check(length, list, fd, name);
    SortedMap<String, byte[]> all = new TreeMap<>();
    for (String attribute : split(scratch.copy((int) length))) {
      read(scratch, fd, name, file, attribute, all);
    }
    return Collections.unmodifiableSortedMap(all);
  }

  private static String[] split(byte[] names) {
    return new String(names, 0, names.length - 1, StandardCharsets.ISO_8859_1).split("\0", -1);
  }

  private static void read(
      Scratch scratch,
      int fd,
      @Nullable Name name,
      long file,
      String attribute,
      SortedMap<String, byte[]> into)
      throws LinuxException {
    Syscall get = name == null ? Syscall.FGETXATTR : Syscall.LGETXATTR;
    long length =
        Kernel.call(
            get,
            file,
            scratch.secondString(latin1(attribute)),
            scratch.dataAddress(),
            Scratch.DATA_SIZE);
    if (length == -Errno.ENODATA.number() || length == -Errno.EOPNOTSUPP.number()) {
      return; // perhaps removed between the two calls
    }
    if (length < 0) {
      throw Failures.of(get, attribute, fd, name, length);
    }
    into.put(attribute, scratch.copy((int) length));
  }

  static Optional<byte[]> get(int fd, @Nullable Name name, String attribute) throws LinuxException {
    Scratch scratch = Scratch.get();
    SortedMap<String, byte[]> found = new TreeMap<>();
    read(scratch, fd, name, target(scratch, fd, name), attribute, found);
    return Optional.ofNullable(found.get(attribute));
  }

  static void set(int fd, @Nullable Name name, String attribute, byte[] value)
      throws LinuxException {
    Syscall set = name == null ? Syscall.FSETXATTR : Syscall.LSETXATTR;
    if (value.length > Scratch.DATA_SIZE) {
      throw Failures.of(set, attribute, fd, name, -Errno.E2BIG.number());
    }
    Scratch scratch = Scratch.get();
    long file = target(scratch, fd, name);
    scratch.data().put(value);
    long result =
        Kernel.call(
            set,
            file,
            scratch.secondString(latin1(attribute)),
            scratch.dataAddress(),
            value.length);
    if (result < 0) {
      throw Failures.of(set, attribute, fd, name, result);
    }
  }

  static void remove(int fd, @Nullable Name name, String attribute) throws LinuxException {
    Syscall remove = name == null ? Syscall.FREMOVEXATTR : Syscall.LREMOVEXATTR;
    Scratch scratch = Scratch.get();
    long file = target(scratch, fd, name);
    long result = Kernel.call(remove, file, scratch.secondString(latin1(attribute)));
    if (result < 0) {
      throw Failures.of(remove, attribute, fd, name, result);
    }
  }

  private static long target(Scratch scratch, int fd, @Nullable Name name) {
    return name == null ? fd : scratch.procPath(fd, name.raw());
  }

  static byte[] latin1(String attribute) {
    byte[] bytes = attribute.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0 || attribute.charAt(i) > 0xff) {
        throw new IllegalArgumentException("not an attribute name: \"" + attribute + '"');
      }
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException("an attribute without a name");
    }
    return bytes;
  }
}
