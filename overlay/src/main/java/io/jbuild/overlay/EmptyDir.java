package io.jbuild.overlay;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The root of {@code FROM scratch}: nothing in it, mode 0755, owned by root, of 1970. */
final class EmptyDir extends ReadOnlyDir {
  @Override
  public FileStat stat() {
    return new FileStat(
        FileType.DIRECTORY,
        0755,
        0,
        0,
        0,
        Timestamp.EPOCH,
        Timestamp.EPOCH,
        1,
        DeviceNumber.NONE,
        2,
        DeviceNumber.NONE);
  }

  @Override
  public Optional<FileStat> find(Name name) {
    return Optional.empty();
  }

  @Override
  public FileStat stat(Name name) throws LinuxException {
    throw absent("stat", name);
  }

  @Override
  public List<Name> list() {
    return List.of();
  }

  @Override
  public Dir open(Name name) throws LinuxException {
    throw absent("open", name);
  }

  @Override
  public InputFile read(Name name) throws LinuxException {
    throw absent("read", name);
  }

  @Override
  public byte[] readLink(Name name) throws LinuxException {
    throw absent("readlink", name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws LinuxException {
    throw absent("listxattr", name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs() {
    return Collections.emptySortedMap();
  }

  private static LinuxException absent(String call, Name name) {
    return new LinuxException(call + " \"" + name + "\" in an empty root", Errno.ENOENT);
  }

  @Override
  public void close() {}
}
