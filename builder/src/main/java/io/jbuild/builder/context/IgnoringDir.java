package io.jbuild.builder.context;

import io.jbuild.builder.match.Scope;
import io.jbuild.builder.match.Verdict;
import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.ListedName;
import io.jbuild.linux.Name;
import io.jbuild.linux.NameFilter;
import io.jbuild.overlay.ReadOnlyDir;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

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
    return switch (scope.judge(SourceTree.text(name))) {
      case KEPT -> all.find(name);
      case PASSAGE -> all.find(name).filter(FileStat::isDirectory);
      case HIDDEN -> Optional.empty();
    };
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return find(name).orElseThrow(() -> absent("stat", name));
  }

  @Override
  public List<Name> list() throws IOException {
    List<Name> visible = new ArrayList<>();
    for (ListedName listed : list(NameFilter.ALL)) {
      visible.add(listed.name());
    }
    return visible;
  }

  /** What is hidden is not even made a name of, let alone asked for. */
  @Override
  public List<ListedName> list(NameFilter filter) throws IOException {
    List<ListedName> listed =
        all.list(
            (bytes, from, to, type) ->
                isVisible(bytes, from, to, type) && filter.wants(bytes, from, to, type));
    // Where the listing tells no types, files have passed as the directories they could be.
    List<ListedName> visible = new ArrayList<>(listed.size());
    for (ListedName each : listed) {
      boolean directory = each.type() == FileType.DIRECTORY;
      if (directory || scope.judge(SourceTree.text(each.name())) == Verdict.KEPT) {
        visible.add(each);
      }
    }
    return visible;
  }

  private boolean isVisible(byte[] bytes, int from, int to, @Nullable FileType type) {
    boolean directory = type == null || type == FileType.DIRECTORY;
    Verdict verdict = judge(scope, bytes, from, to, directory);
    return verdict == Verdict.KEPT || (directory && verdict == Verdict.PASSAGE);
  }

  /** What becomes of a name in a listing. */
  static Verdict judge(Scope scope, byte[] bytes, int from, int to, boolean directory) {
    Verdict verdict = scope.judge(bytes, from, to, directory);
    return verdict != null
        ? verdict
        : scope.judge(SourceTree.text(Name.of(Arrays.copyOfRange(bytes, from, to))));
  }

  @Override
  public List<DirEntry> entries() throws IOException {
    List<ListedName> listed = list(NameFilter.ALL);
    List<DirEntry> visible = new ArrayList<>(listed.size());
    for (ListedName each : listed) {
      Optional<FileStat> stat = all.find(each.name());
      // A directory that has become a file since is one that may be hidden.
      boolean same = stat.isPresent() && stat.get().type() == each.type();
      if (same || (stat.isPresent() && find(each.name()).isPresent())) {
        visible.add(new DirEntry(each.name(), stat.get()));
      }
    }
    return visible;
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
