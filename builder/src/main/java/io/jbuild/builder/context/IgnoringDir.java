package io.jbuild.builder.context;

import io.jbuild.builder.match.Scope;
import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.overlay.ReadOnlyDir;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A directory without its ignored entries: they are not there for whoever asks. An ignored
 * directory stays visible as long as a rule may include something below it again.
 */
final class IgnoringDir extends ReadOnlyDir {
  private final Dir all;
  private final Scope scope;

  IgnoringDir(Dir all, Scope scope) {
    this.all = all;
    this.scope = scope;
  }

  @Override
  public FileStat stat() throws IOException {
    return all.stat();
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    Scope entry = scope.enter(SourceTree.text(name));
    if (!entry.excluded()) {
      return all.find(name);
    }
    return entry.mayContainIncluded()
        ? all.find(name).filter(FileStat::isDirectory)
        : Optional.empty();
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return find(name).orElseThrow(() -> absent("stat", name));
  }

  @Override
  public List<Name> list() throws IOException {
    List<Name> visible = new ArrayList<>();
    for (Name name : all.list()) {
      Scope entry = scope.enter(SourceTree.text(name));
      if (!entry.excluded() || (entry.mayContainIncluded() && isDirectory(name))) {
        visible.add(name);
      }
    }
    return visible;
  }

  /** The rules are asked once for a name, not for listing and again for finding it. */
  @Override
  public List<DirEntry> entries() throws IOException {
    List<DirEntry> visible = new ArrayList<>();
    for (Name name : all.list()) {
      Optional<FileStat> stat = find(name);
      if (stat.isPresent()) {
        visible.add(new DirEntry(name, stat.get()));
      }
    }
    return visible;
  }

  private boolean isDirectory(Name name) throws IOException {
    return all.find(name).filter(FileStat::isDirectory).isPresent();
  }

  @Override
  public Dir open(Name name) throws IOException {
    Scope entry = scope.enter(SourceTree.text(name));
    if (entry.excluded() && !entry.mayContainIncluded()) {
      throw absent("open", name);
    }
    return new IgnoringDir(all.open(name), entry);
  }

  @Override
  public InputFile read(Name name) throws IOException {
    return holding("read", name).read(name);
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    return holding("readlink", name).readLink(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    stat(name);
    return all.xattrs(name);
  }

  private Dir holding(String call, Name name) throws LinuxException {
    if (scope.enter(SourceTree.text(name)).excluded()) {
      throw absent(call, name);
    }
    return all;
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return all.xattrs();
  }

  private LinuxException absent(String call, Name name) {
    return new LinuxException(call + " \"" + name + "\" in " + this + ", ignored", Errno.ENOENT);
  }

  @Override
  public void close() throws IOException {
    all.close();
  }

  @Override
  public String toString() {
    return all.toString();
  }
}
