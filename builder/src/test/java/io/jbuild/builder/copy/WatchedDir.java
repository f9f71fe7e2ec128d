package io.jbuild.builder.copy;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.overlay.ReadOnlyDir;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** A directory that notes what is opened, listed or read in it and below. */
final class WatchedDir extends ReadOnlyDir {
  private final Dir dir;
  private final String path;
  private final SortedSet<String> touched;

  WatchedDir(Dir dir, String path, SortedSet<String> touched) {
    this.dir = dir;
    this.path = path;
    this.touched = touched;
  }

  private void note(String what, String name) {
    synchronized (touched) {
      touched.add(what + " " + path + name);
    }
  }

  @Override
  public FileStat stat() throws IOException {
    return dir.stat();
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    return dir.find(name);
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return dir.stat(name);
  }

  @Override
  public List<Name> list() throws IOException {
    note("list", "");
    return dir.list();
  }

  @Override
  public Dir open(Name name) throws IOException {
    Dir opened = dir.open(name);
    note("open", name.toString());
    return new WatchedDir(opened, path + name + "/", touched);
  }

  @Override
  public InputFile read(Name name) throws IOException {
    InputFile file = dir.read(name);
    note("read", name.toString());
    return file;
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    return dir.readLink(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    return dir.xattrs(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return dir.xattrs();
  }

  @Override
  public void close() throws IOException {
    dir.close();
  }
}
