package io.jbuild.layers;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.TreePath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a layer in one pass: every file is read once, and goes into the layer's directory, its tar
 * and its diffID.
 *
 * <p>Entries come in the canonical order, which is that of {@link TreePath}: names bytewise, a
 * directory before what it holds, and every directory above an entry given before it. Anything else
 * is a bug and refused as one. Whiteouts stand where the file that they hide would.
 */
public final class LayerWriter implements Closeable {
  private static final int SMALLEST_CLONE = 1 << 16;

  private final Runnable check;
  private final Dir root;
  private final TreeCursor cursor;
  private final LayerFraming framing;
  private final byte[] buffer = new byte[1 << 17];
  private @Nullable TreePath last;
  private boolean lastIsDirectory;
  private boolean clones = true;

  /** The directory is empty but for its own attributes; it stays the caller's. */
  public LayerWriter(Dir root) throws IOException {
    this(root, OutputStream.nullOutputStream());
  }

  /** Passes the tar on as well, to a stream that stays the caller's. */
  public LayerWriter(Dir root, OutputStream tar) throws IOException {
    this(root, tar, () -> {});
  }

  /**
   * A writer that can be ended.
   *
   * @param check throws when nobody wants the layer any more; it is called between pieces of files
   */
  public LayerWriter(Dir root, Runnable check) throws IOException {
    this(root, OutputStream.nullOutputStream(), check);
  }

  private LayerWriter(Dir root, OutputStream tar, Runnable check) throws IOException {
    this.check = check;
    this.root = root;
    this.cursor = new TreeCursor(root);
    this.framing = new LayerFraming(tar);
  }

  /**
   * Says something of the root itself; before everything else, and only if it differs from what is
   * below.
   */
  public void root(Attributes attributes) throws IOException {
    if (last != null) {
      throw new IllegalStateException("the root comes first, not behind " + last);
    }
    framing.root(attributes);
    root.setOwner(attributes.uid(), attributes.gid());
    for (var each : attributes.xattrs().entrySet()) {
      root.setXattr(each.getKey(), each.getValue());
    }
    root.setPermissions(attributes.permissions());
    last = TreePath.ROOT;
  }

  public void directory(TreePath path, Attributes attributes) throws IOException {
    Dir parent = advance(path);
    framing.directory(path.relativeBytes(), attributes);
    Name name = path.name();
    Dir made = parent.makeDir(name, attributes.permissions());
    cursor.enter(name, made, attributes.modified());
    // Times that were only given are set on leaving, like those that entries in the directory
    // disturb.
    cursor.change();
    made.setOwner(attributes.uid(), attributes.gid());
    for (var each : attributes.xattrs().entrySet()) {
      made.setXattr(each.getKey(), each.getValue());
    }
    made.setPermissions(attributes.permissions());
    lastIsDirectory = true;
  }

  /** Hides what the layers below have in this directory, which was the last entry. */
  public void opaque(TreePath directory) throws IOException {
    if (!directory.equals(last) || !lastIsDirectory) {
      throw new IllegalStateException("opaque " + directory + " behind " + last);
    }
    lastIsDirectory = false;
    framing.whiteout(directory.resolve(Name.of(Whiteouts.OPAQUE)).relativeBytes());
    Whiteouts.makeOpaque(cursor.here());
  }

  /** Reads exactly {@code size} bytes, behind which the stream has to end. */
  public void file(TreePath path, Attributes attributes, long size, InputStream content)
      throws IOException {
    Dir parent = advance(path);
    framing.file(path.relativeBytes(), attributes, size);
    try (OutputFile out = parent.create(path.name(), attributes.permissions())) {
      Contents.copyAll(checked(content::read), size, buffer, both(out), path.name());
      finish(out, attributes);
    }
  }

  private Contents.Source checked(Contents.Source source) {
    return (into, offset, length) -> {
      check.run();
      return source.read(into, offset, length);
    };
  }

  /**
   * The size is that of the open file; the copy shares its blocks where the file system can do
   * that.
   */
  public void file(TreePath path, Attributes attributes, InputFile source) throws IOException {
    long size = source.stat().size();
    Dir parent = advance(path);
    framing.file(path.relativeBytes(), attributes, size);
    try (OutputFile out = parent.create(path.name(), attributes.permissions())) {
      boolean cloned = clones && size >= SMALLEST_CLONE && out.cloneFrom(source);
      clones = cloned || size < SMALLEST_CLONE;
      Contents.copyAll(
          checked(source::read), size, buffer, cloned ? framing::content : both(out), path.name());
      finish(out, attributes);
    }
  }

  private Contents.Sink both(OutputFile out) {
    return (from, offset, length) -> {
      framing.content(from, offset, length);
      out.write(from, offset, length);
    };
  }

  /**
   * chown clears set-id bits and capabilities, so the owner comes first; writing changes the time,
   * so it comes last.
   */
  private static void finish(OutputFile out, Attributes attributes) throws IOException {
    out.setOwner(attributes.uid(), attributes.gid());
    for (var each : attributes.xattrs().entrySet()) {
      out.setXattr(each.getKey(), each.getValue());
    }
    if (Attributes.needPermissionsAgain(attributes.permissions(), attributes.xattrs())) {
      out.setPermissions(attributes.permissions());
    }
    out.setTimes(attributes.modified());
  }

  public void symlink(TreePath path, Attributes attributes, byte[] target) throws IOException {
    Dir parent = advance(path);
    Attributes link =
        new Attributes(
            0777, attributes.uid(), attributes.gid(), attributes.modified(), attributes.xattrs());
    framing.symlink(path.relativeBytes(), link, target);
    parent.symlink(path.name(), target);
    parent.setOwner(path.name(), link.uid(), link.gid());
    setXattrs(parent, path.name(), link);
    parent.setTimes(path.name(), link.modified());
  }

  /**
   * Another name for a file that was written before. Its attributes are that file's, and have to be
   * given as such.
   */
  public void hardLink(TreePath path, Attributes attributes, TreePath existing) throws IOException {
    Dir parent = advance(path);
    framing.hardLink(path.relativeBytes(), attributes, existing.relativeBytes());
    try (TreeCursor other = new TreeCursor(root)) {
      for (Name name : existing.parent().orElseThrow().names()) {
        other.down(name);
      }
      parent.link(path.name(), other.here(), existing.name());
    }
  }

  /** A device or a FIFO. */
  public void node(TreePath path, Attributes attributes, FileType type, DeviceNumber device)
      throws IOException {
    if (type == FileType.CHARACTER_DEVICE && device.equals(DeviceNumber.NONE)) {
      throw new UnrepresentableFileException(
          "cannot put " + path + " into a layer: a character device 0:0 means a deletion there");
    }
    Dir parent = advance(path);
    framing.node(path.relativeBytes(), attributes, type, device);
    Name name = path.name();
    parent.makeNode(name, type, attributes.permissions(), device);
    parent.setOwner(name, attributes.uid(), attributes.gid());
    setXattrs(parent, name, attributes);
    parent.setPermissions(name, attributes.permissions());
    parent.setTimes(name, attributes.modified());
  }

  private static void setXattrs(Dir parent, Name name, Attributes attributes) throws IOException {
    for (var each : attributes.xattrs().entrySet()) {
      parent.setXattr(name, each.getKey(), each.getValue());
    }
  }

  /** Hides what the layers below have at this path. */
  public void whiteout(TreePath path) throws IOException {
    Dir parent = advance(path);
    TreePath above = path.parent().orElseThrow();
    framing.whiteout(above.resolve(Name.of(Whiteouts.hiding(path.name()))).relativeBytes());
    Whiteouts.make(parent, path.name());
  }

  private Dir advance(TreePath path) throws IOException {
    if (path.isRoot() || (last != null && path.compareTo(last) <= 0)) {
      throw new IllegalStateException(path + " behind " + last);
    }
    if (path.name().startsWith(Whiteouts.PREFIX)) {
      throw new UnrepresentableFileException(
          "cannot put "
              + path
              + " into a layer: names that begin with \".wh.\" mean deletions there");
    }
    List<Name> parent = path.names().subList(0, path.depth() - 1);
    int common = cursor.common(parent);
    if (common < parent.size()) {
      throw new IllegalStateException(
          "the directory above " + path + " was not given right before");
    }
    cursor.up(common);
    last = path;
    lastIsDirectory = false;
    return cursor.change();
  }

  /** Completes the tar and the directories' times. Once, and only if nothing failed. */
  public LayerSummary finish() throws IOException {
    cursor.up(0);
    return framing.finish();
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
