package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.Quoted;
import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarReader;
import io.jbuild.layers.tar.TarType;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Turns the entries of one foreign layer into its directory, one after another; the last word on a
 * name wins.
 */
final class LayerUnpacking implements Closeable {
  private final Dir root;
  private final UnpackTarget target;
  private final TreeCursor cursor;
  private final TreeCursor linkCursor;
  private final InRootWalk walk;
  private final InRootWalk linkWalk;
  private final LowerView lower;
  private final Consumer<String> warnings;
  private final byte[] buffer = new byte[1 << 17];

  /** Devices that could not be made: links to them are left out as well. */
  private final Set<TreePath> leftOut = new HashSet<>();

  private final ClosedDirectories closings = new ClosedDirectories();

  LayerUnpacking(Dir root, UnpackTarget target, LowerView lower, Consumer<String> warnings)
      throws IOException {
    this.root = root;
    this.target = target;
    this.lower = lower;
    this.warnings = warnings;
    this.cursor = new TreeCursor(root);
    this.linkCursor = new TreeCursor(root);
    int floor = target.directory().depth();
    this.walk = new InRootWalk(cursor, lower, floor, this::makeMissing);
    this.linkWalk =
        new InRootWalk(
            linkCursor,
            lower,
            floor,
            (name, whiteout) -> {
              throw new LinkTargetMissing();
            });
  }

  private static final class LinkTargetMissing extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** All entries of an archive; how many. */
  long applyAll(TarReader reader, ApplyLimits limits) throws IOException {
    long entries = 0;
    long bytes = 0;
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      entries++;
      if (entries > limits.entries()) {
        throw new BadArchiveException("archive: more than " + limits.entries() + " entries");
      }
      if (entry.size() > limits.bytes() - bytes) {
        throw BadArchiveException.entry(
            entry.name(), "with it the files have more than " + limits.bytes() + " bytes");
      }
      bytes += entry.size();
      apply(entry, reader);
    }
    return entries;
  }

  private void apply(TarEntry entry, TarReader content) throws IOException {
    byte[] name = entry.name();
    TreePath path = EntryPath.parse(name, name);
    if (path.isRoot()) {
      applyRoot(entry);
      return;
    }
    if (target.isLayer() && isAufs(path)) {
      return;
    }
    requireNoWhiteout(path, name);
    TreePath full = target.directory().resolve(path);
    walk.walk(full.names().subList(0, full.depth() - 1), name);
    if (path.name().startsWith(Whiteouts.PREFIX)) {
      applyWhiteout(path.name(), entry);
    } else {
      applyFile(path.name(), target.describe(entry), content);
    }
  }

  private static boolean isAufs(TreePath path) {
    for (int i = 0; i < path.depth(); i++) {
      Name name = path.names().get(i);
      boolean last = i == path.depth() - 1;
      if (name.startsWith(Whiteouts.AUFS)
          && !(last && Arrays.equals(name.bytes(), Whiteouts.OPAQUE))) {
        return true;
      }
    }
    return false;
  }

  /** A layer's whiteouts are its last names; an archive of files has none at all. */
  private void requireNoWhiteout(TreePath path, byte[] entry) throws BadArchiveException {
    int allowed = target.isLayer() ? path.depth() - 1 : path.depth();
    for (Name name : path.names().subList(0, allowed)) {
      if (name.startsWith(Whiteouts.PREFIX)) {
        throw BadArchiveException.entry(
            entry,
            target.isLayer()
                ? "it lies below a whiteout"
                : "names that begin with \".wh.\" mean deletions in layers");
      }
    }
  }

  private void applyRoot(TarEntry entry) throws IOException {
    if (!target.isLayer()) {
      return; // some archives begin with a nameless entry of any type
    }
    if (entry.type() != TarType.DIRECTORY) {
      throw BadArchiveException.entry(entry.name(), "only a directory may be the root");
    }
    SortedMap<String, byte[]> xattrs = xattrs(entry);
    root.setOwner(entry.uid(), entry.gid());
    for (Map.Entry<String, byte[]> each : xattrs.entrySet()) {
      root.setXattr(each.getKey(), each.getValue());
    }
    root.setPermissions(entry.permissions());
    cursor.rootTime(entry.modified());
  }

  /**
   * Hides what is below; this layer's own file of that name stays, whichever of the two comes
   * first.
   */
  private void applyWhiteout(Name name, TarEntry entry) throws IOException {
    if (entry.type() != TarType.REGULAR && entry.type() != TarType.HARD_LINK) {
      throw BadArchiveException.entry(entry.name(), "a whiteout must be a regular file");
    }
    if (Arrays.equals(name.bytes(), Whiteouts.OPAQUE)) {
      Whiteouts.makeOpaque(cursor.here());
      return;
    }
    byte[] hidden = Arrays.copyOfRange(name.bytes(), Whiteouts.PREFIX.length, name.length());
    if (!Name.isValid(hidden)) {
      throw BadArchiveException.entry(entry.name(), "a whiteout of no name");
    }
    Name victim = Name.of(hidden);
    Optional<FileStat> own = cursor.here().find(victim);
    if (own.isEmpty()) {
      Dir here = cursor.change();
      Whiteouts.make(here, victim);
      here.setTimes(victim, Timestamp.EPOCH);
    } else if (own.get().isDirectory()) {
      Whiteouts.makeOpaque(cursor.here(), victim);
    }
  }

  private void applyFile(Name name, TarEntry entry, TarReader content) throws IOException {
    SortedMap<String, byte[]> xattrs = xattrs(entry);
    switch (entry.type()) {
      case DIRECTORY -> directory(name, entry, xattrs);
      case REGULAR -> regular(name, entry, xattrs, content);
      case SYMLINK -> {
        make(name, here -> here.symlink(name, entry.linkTarget()));
        describe(name, entry, xattrs);
      }
      case HARD_LINK -> hardLink(name, entry, xattrs);
      case FIFO -> node(name, entry, FileType.FIFO, xattrs);
      case CHARACTER_DEVICE -> node(name, entry, FileType.CHARACTER_DEVICE, xattrs);
      case BLOCK_DEVICE -> node(name, entry, FileType.BLOCK_DEVICE, xattrs);
    }
  }

  private void directory(Name name, TarEntry entry, SortedMap<String, byte[]> xattrs)
      throws IOException {
    Dir here = cursor.change();
    Optional<FileStat> before = here.find(name);
    if (before.isPresent() && before.get().isDirectory()) {
      for (String old : Xattrs.portable(here.xattrs(name)).keySet()) {
        if (!xattrs.containsKey(old)) {
          here.removeXattr(name, old);
        }
      }
    } else {
      if (before.isPresent()) {
        here.unlink(name);
      }
      here.makeDir(name, 0700).close();
      if (before.isPresent()) {
        // It takes the place of this layer's own file or deletion, behind which the lower directory
        // is gone.
        Whiteouts.makeOpaque(here, name);
      }
    }
    describe(name, entry, xattrs);
  }

  private void regular(
      Name name, TarEntry entry, SortedMap<String, byte[]> xattrs, TarReader content)
      throws IOException {
    Dir here = cursor.change();
    try (OutputFile file = create(here, name, entry.permissions())) {
      for (int count = content.read(buffer, 0, buffer.length);
          count >= 0;
          count = content.read(buffer, 0, buffer.length)) {
        file.write(buffer, 0, count);
      }
      file.setOwner(entry.uid(), entry.gid());
      for (Map.Entry<String, byte[]> each : xattrs.entrySet()) {
        file.setXattr(each.getKey(), each.getValue());
      }
      if (Attributes.needPermissionsAgain(entry.permissions(), xattrs)) {
        file.setPermissions(entry.permissions());
      }
      file.setTimes(entry.modified());
    }
  }

  private OutputFile create(Dir here, Name name, int permissions) throws IOException {
    try {
      return here.create(name, permissions);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    remove(here, name);
    return here.create(name, permissions);
  }

  private interface Making {
    void in(Dir here) throws IOException;
  }

  private void make(Name name, Making making) throws IOException {
    Dir here = cursor.change();
    try {
      making.in(here);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      remove(here, name);
      making.in(here);
    }
  }

  /** The link cursor may stand in what goes away, so it leaves first. */
  private void remove(Dir here, Name name) throws IOException {
    if (here.stat(name).isDirectory()) {
      linkCursor.up(0);
      here.removeTree(name);
    } else {
      here.unlink(name);
    }
  }

  /** The owner first: changing it clears set-id bits and file capabilities. */
  private void describe(Name name, TarEntry entry, SortedMap<String, byte[]> xattrs)
      throws IOException {
    Dir here = cursor.here();
    here.setOwner(name, entry.uid(), entry.gid());
    for (Map.Entry<String, byte[]> each : xattrs.entrySet()) {
      here.setXattr(name, each.getKey(), each.getValue());
    }
    if (entry.type() == TarType.DIRECTORY) {
      here.setPermissions(name, closings.open(cursor, name, entry.permissions()));
    } else if (entry.type() != TarType.SYMLINK) {
      here.setPermissions(name, entry.permissions());
    }
    here.setTimes(name, entry.modified());
  }

  private void node(Name name, TarEntry entry, FileType type, SortedMap<String, byte[]> xattrs)
      throws IOException {
    if (type == FileType.CHARACTER_DEVICE && entry.device().equals(DeviceNumber.NONE)) {
      throw BadArchiveException.entry(
          entry.name(), "a character device 0:0 is no file but overlayfs's whiteout");
    }
    try {
      make(name, here -> here.makeNode(name, type, entry.permissions(), entry.device()));
    } catch (LinuxException e) {
      if (e.errno() == Errno.EPERM && type.isDevice()) {
        leaveOut(name, entry);
        return;
      }
      throw e;
    }
    describe(name, entry, xattrs);
  }

  private void leaveOut(Name name, TarEntry entry) {
    leftOut.add(cursor.path(name));
    warnings.accept("device left out, only root can make it: " + Quoted.of(entry.name()));
  }

  private void hardLink(Name name, TarEntry entry, SortedMap<String, byte[]> xattrs)
      throws IOException {
    TreePath existing = EntryPath.parse(entry.linkTarget(), entry.name());
    if (existing.isRoot()) {
      throw BadArchiveException.entry(entry.name(), "a hard link to a directory");
    }
    existing = target.directory().resolve(existing);
    List<Name> parent = existing.names().subList(0, existing.depth() - 1);
    try {
      linkWalk.walk(parent, entry.name());
    } catch (LinkTargetMissing missing) {
      throw missingTarget(entry);
    }
    Dir from = linkCursor.here();
    Optional<FileStat> file = from.find(existing.name());
    if (file.isEmpty() && leftOut.contains(linkCursor.path(existing.name()))) {
      leaveOut(name, entry);
      return;
    }
    FileStat found = file.orElseThrow(() -> missingTarget(entry));
    if (found.isDirectory() || Whiteouts.isWhiteout(found)) {
      throw BadArchiveException.entry(
          entry.name(),
          found.isDirectory() ? "a hard link to a directory" : "a hard link to a whiteout");
    }
    Optional<FileStat> present = cursor.here().find(name);
    if (present.isPresent() && present.get().isSameFile(found)) {
      if (linkCursor.names().equals(cursor.names()) && existing.name().equals(name)) {
        throw BadArchiveException.entry(entry.name(), "a hard link to itself");
      }
      describeLinked(name, entry, found, xattrs);
      return;
    }
    Dir here = cursor.change();
    if (present.isPresent()) {
      if (present.get().isDirectory() && isBelow(name)) {
        throw BadArchiveException.entry(
            entry.name(), "a hard link in the place of the directory that holds its target");
      }
      remove(here, name);
      linkWalk.walk(parent, entry.name());
    }
    here.link(name, linkCursor.here(), existing.name());
    describeLinked(name, entry, found, xattrs);
  }

  /**
   * The last entry of a file says what it is like, whichever of its names it gives: so do Docker
   * and containerd. Of a symlink it changes the owner alone.
   */
  private void describeLinked(
      Name name, TarEntry entry, FileStat found, SortedMap<String, byte[]> xattrs)
      throws IOException {
    Dir here = cursor.here();
    // chown clears file capabilities, which the entry of a link seldom repeats.
    if (found.uid() != entry.uid() || found.gid() != entry.gid()) {
      here.setOwner(name, entry.uid(), entry.gid());
    }
    if (found.isSymlink()) {
      return;
    }
    for (Map.Entry<String, byte[]> each : xattrs.entrySet()) {
      here.setXattr(name, each.getKey(), each.getValue());
    }
    here.setPermissions(name, entry.permissions());
    here.setTimes(name, entry.modified());
  }

  /** Whether the link cursor stands in or below the directory of this name here. */
  private boolean isBelow(Name name) {
    List<Name> path = cursor.names();
    path.add(name);
    return linkCursor.common(path) == path.size();
  }

  private static BadArchiveException missingTarget(TarEntry entry) {
    return BadArchiveException.entry(
        entry.name(),
        "a hard link to " + Quoted.of(entry.linkTarget()) + ", which this layer does not have");
  }

  /** A directory that the archive only implies takes the attributes that it has below. */
  private void makeMissing(Name name, Optional<FileStat> whiteout) throws IOException {
    Dir here = cursor.change();
    if (whiteout.isPresent()) {
      here.unlink(name);
    }
    List<Name> names = cursor.names();
    names.add(name);
    Attributes attributes = lower.lookup(TreePath.of(names)).orElse(Attributes.DIRECTORY);
    Dir made = here.makeDir(name, 0700);
    cursor.enter(name, made, attributes.modified());
    cursor.change();
    made.setOwner(attributes.uid(), attributes.gid());
    for (Map.Entry<String, byte[]> each : attributes.xattrs().entrySet()) {
      made.setXattr(each.getKey(), each.getValue());
    }
    made.setPermissions(attributes.permissions());
    if (whiteout.isPresent()) {
      Whiteouts.makeOpaque(made);
    }
  }

  private static SortedMap<String, byte[]> xattrs(TarEntry entry) throws BadArchiveException {
    for (Map.Entry<String, byte[]> each : entry.xattrs().entrySet()) {
      if (each.getValue().length > Xattrs.LONGEST_VALUE
          || each.getKey().length() > Xattrs.LONGEST_NAME) {
        throw BadArchiveException.entry(entry.name(), "an extended attribute is too big");
      }
    }
    return Xattrs.portable(entry.xattrs());
  }

  /** Puts right what had to wait until the last entry. */
  void finish() throws IOException {
    closings.close(cursor);
    cursor.up(0);
  }

  @Override
  public void close() throws IOException {
    try (cursor) {
      linkCursor.close();
    }
  }
}
