package io.jbuild.overlay;

import io.jbuild.linux.Closing;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * One merged directory: the directories of the same path in the layers that take part in it, top
 * first. Attributes are the topmost's; names are everyone's, the topmost holder of a name wins.
 */
final class UnionDir extends ReadOnlyDir {
  /** A directory and the number of the layer that it belongs to, counted from the top. */
  record Part(Dir dir, int layer) {}

  /** Where a name was found. */
  private record Holder(Part part, FileStat stat) {}

  private final List<Part> parts;
  private final boolean owned;
  private final String path;

  private UnionDir(List<Part> parts, boolean owned, String path) {
    this.parts = List.copyOf(parts);
    this.owned = owned;
    this.path = path;
  }

  /**
   * The root over the roots of layers, which stay the caller's to close. A layer whose root is
   * opaque hides all layers below it: overlayfs itself ignores the mark there, images mean it.
   */
  static UnionDir root(List<? extends Dir> layers) throws IOException {
    if (layers.isEmpty()) {
      return new UnionDir(List.of(new Part(new EmptyDir(), 0)), false, "/");
    }
    List<Part> parts = new ArrayList<>();
    for (Dir layer : layers) {
      parts.add(new Part(layer, parts.size()));
      if (OverlayFormat.isOpaque(layer.xattrs())) {
        break;
      }
    }
    return new UnionDir(parts, false, "/");
  }

  /** How many kernel handles this directory keeps open. */
  int weight() {
    return parts.size();
  }

  @Override
  public FileStat stat() throws IOException {
    return inLayer(parts.get(0).dir().stat(), parts.get(0).layer());
  }

  @Override
  public Optional<FileStat> find(Name name) throws IOException {
    return holder(name).map(found -> inLayer(found.stat(), found.part().layer()));
  }

  @Override
  public FileStat stat(Name name) throws IOException {
    return find(name).orElseThrow(() -> absent("stat", name));
  }

  @Override
  public List<Name> list() throws IOException {
    Set<Name> seen = new HashSet<>();
    List<Name> names = new ArrayList<>();
    for (Part part : parts) {
      for (Name name : part.dir().list()) {
        if (seen.add(name) && isThere(part, name)) {
          names.add(name);
        }
      }
    }
    names.sort(null);
    return names;
  }

  private static boolean isThere(Part part, Name name) throws IOException {
    return part.dir().find(name).filter(stat -> !OverlayFormat.isWhiteout(stat)).isPresent();
  }

  @Override
  public Dir open(Name name) throws IOException {
    List<Part> merged = new ArrayList<>();
    try {
      collect(name, merged);
    } catch (IOException | RuntimeException e) {
      closing(merged).closeAfter(e);
      throw e;
    }
    if (merged.isEmpty()) {
      if (find(name).isPresent()) {
        throw new LinuxException(operation("open", name), Errno.ENOTDIR);
      }
      throw absent("open", name);
    }
    return new UnionDir(merged, true, (path.equals("/") ? "/" : path + "/") + name);
  }

  /**
   * The directories called {@code name}, from the top down to the first thing that ends the merge.
   */
  private void collect(Name name, List<Part> merged) throws IOException {
    for (Part part : parts) {
      Optional<FileStat> found = part.dir().find(name);
      if (found.isEmpty()) {
        continue;
      }
      if (!found.get().isDirectory()) {
        return;
      }
      Dir opened = part.dir().open(name);
      merged.add(new Part(opened, part.layer()));
      if (OverlayFormat.isOpaque(opened.xattrs())) {
        return;
      }
    }
  }

  @Override
  public InputFile read(Name name) throws IOException {
    return partOf("read", name).read(name);
  }

  @Override
  public byte[] readLink(Name name) throws IOException {
    return partOf("readlink", name).readLink(name);
  }

  @Override
  public SortedMap<String, byte[]> xattrs(Name name) throws IOException {
    return OverlayFormat.visible(partOf("listxattr", name).xattrs(name));
  }

  @Override
  public SortedMap<String, byte[]> xattrs() throws IOException {
    return OverlayFormat.visible(parts.get(0).dir().xattrs());
  }

  private Optional<Holder> holder(Name name) throws IOException {
    for (Part part : parts) {
      Optional<FileStat> found = part.dir().find(name);
      if (found.isPresent()) {
        return OverlayFormat.isWhiteout(found.get())
            ? Optional.empty()
            : Optional.of(new Holder(part, found.get()));
      }
    }
    return Optional.empty();
  }

  private Dir partOf(String call, Name name) throws IOException {
    return holder(name).orElseThrow(() -> absent(call, name)).part().dir();
  }

  private LinuxException absent(String call, Name name) {
    return new LinuxException(operation(call, name), Errno.ENOENT);
  }

  private String operation(String call, Name name) {
    return call + " \"" + name + "\" in " + this;
  }

  /**
   * Like overlayfs, each layer answers with a device number of its own: two layers of one store may
   * share an inode, and are yet two files.
   */
  private static FileStat inLayer(FileStat stat, int layer) {
    return new FileStat(
        stat.type(),
        stat.permissions(),
        stat.uid(),
        stat.gid(),
        stat.size(),
        stat.modified(),
        stat.changed(),
        stat.inode(),
        new DeviceNumber(0, layer + 1),
        stat.linkCount(),
        stat.rdev());
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      closing(parts).close();
    }
  }

  private static Closing closing(List<Part> parts) {
    Closing all = new Closing();
    parts.forEach(part -> all.add(part.dir()));
    return all;
  }

  @Override
  public String toString() {
    return "\"" + path + "\" of " + parts.size() + " layers";
  }
}
