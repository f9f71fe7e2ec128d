package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.ListedName;
import io.jbuild.linux.Name;
import io.jbuild.linux.NameFilter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A directory lent to look at: it cannot be changed or closed through this handle. */
final class SharedDir extends ReadOnlyDir {
  private final Dir lent;

  SharedDir(Dir lent) {
    this.lent = lent;
  }

  @Override
  public FileStat stat() throws IOException {
    return lent.stat();
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    return lent.find(name);
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return lent.stat(name);
  }

  @Override
  public List<Name> list() throws IOException {
    return lent.list();
  }

  @Override
  public List<ListedName> list(NameFilter filter) throws IOException {
    return lent.list(filter);
  }

  @Override
  public Dir open(Name name) throws IOException {
    return lent.open(name);
  }

  @Override
  public InputFile read(Name name) throws IOException {
    return lent.read(name);
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    return lent.readLink(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    return lent.xattrs(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return lent.xattrs();
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return lent.toString();
  }
}
