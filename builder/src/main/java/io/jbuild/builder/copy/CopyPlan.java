package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContentDigest;
import io.jbuild.layers.Attributes;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerScanner;
import io.jbuild.layers.LayerSummary;
import io.jbuild.layers.LayerWriter;
import io.jbuild.layers.StoredLayer;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The layer that a copy makes, entry by entry, not yet written. */
public final class CopyPlan {
  /** An entry and its path. */
  private record Step(TreePath path, Target target) {}

  /** A file that was written, for further names of it. */
  private record Written(TreePath path, Attributes attributes) {}

  private final Target root;
  private final TreeView below;
  private final List<Unpacking> archives;
  private final boolean empty;

  CopyPlan(Target root, TreeView below, List<Unpacking> archives, boolean empty) {
    this.root = root;
    this.below = below;
    this.archives = List.copyOf(archives);
    this.empty = empty;
  }

  /** Whether the layer would change nothing. */
  public boolean isEmpty() {
    return empty;
  }

  /** The paths of the layer, directories above the copied files included, in their order. */
  public List<TreePath> paths() {
    List<TreePath> paths = new ArrayList<>();
    Deque<Step> open = new ArrayDeque<>();
    pushChildren(open, new Step(TreePath.ROOT, root));
    while (!open.isEmpty()) {
      Step step = open.pop();
      paths.add(step.path());
      pushChildren(open, step);
    }
    return Collections.unmodifiableList(paths);
  }

  /** Writes the layer and gives it to the store. The ingest stays the caller's to close. */
  public StoredLayer write(LayerIngest ingest) throws IOException, UserException {
    return write(ingest, warning -> {}, () -> {});
  }

  /**
   * Writes the layer and gives it to the store. The ingest stays the caller's to close.
   *
   * @param warnings takes one line for each entry of an unpacked archive that is left out
   * @param check throws when nobody wants the layer any more
   */
  public StoredLayer write(LayerIngest ingest, Consumer<String> warnings, Runnable check)
      throws IOException, UserException {
    LayerSummary summary;
    try (Dir directory = OwnedTree.open(ingest.fs())) {
      summary = write(directory, warnings, check);
    }
    return ingest.commit(summary);
  }

  /** Writes the layer into an empty directory, which gets the attributes of the image's root. */
  public LayerSummary write(Dir directory, Consumer<String> warnings)
      throws IOException, UserException {
    return write(directory, warnings, () -> {});
  }

  private LayerSummary write(Dir directory, Consumer<String> warnings, Runnable check)
      throws IOException, UserException {
    Attributes attributes = root.attributes();
    directory.setOwner(attributes.uid(), attributes.gid());
    directory.setPermissions(attributes.permissions());
    directory.setTimes(attributes.modified());
    LayerSummary written;
    try (LayerWriter writer = new LayerWriter(directory, check)) {
      new Writing(writer).all();
      written = writer.finish();
    }
    return archives.isEmpty() ? written : unpack(directory, warnings);
  }

  /** Archives hold entries in any order, so the layer is hashed when all of them are unpacked. */
  private LayerSummary unpack(Dir directory, Consumer<String> warnings)
      throws IOException, UserException {
    for (Unpacking archive : archives) {
      archive.into(directory, below, warnings);
    }
    return new LayerScanner(Unpacking.lower(below), Optional.empty(), warnings).scan(directory);
  }

  private static void pushChildren(Deque<Step> open, Step step) {
    List<Map.Entry<Name, Target>> children = new ArrayList<>(step.target().children().entrySet());
    for (int i = children.size() - 1; i >= 0; i--) {
      open.push(
          new Step(step.path().resolve(children.get(i).getKey()), children.get(i).getValue()));
    }
  }

  /** One pass over the plan. */
  private final class Writing {
    private final LayerWriter writer;
    private final Map<Item.Identity, Written> shared = new HashMap<>();

    Writing(LayerWriter writer) {
      this.writer = writer;
    }

    void all() throws IOException, UserException {
      Deque<Step> open = new ArrayDeque<>();
      pushChildren(open, new Step(TreePath.ROOT, root));
      while (!open.isEmpty()) {
        Step step = open.pop();
        if (step.target().isDirectory()) {
          writer.directory(step.path(), step.target().attributes());
          pushChildren(open, step);
        } else {
          leaf(step.path(), step.target().item(), step.target().attributes());
        }
      }
    }

    private void leaf(TreePath path, Item item, Attributes attributes)
        throws IOException, UserException {
      Item.Identity identity = item.identity();
      Written first = identity == null ? null : shared.get(identity);
      if (first != null && first.attributes().equals(attributes)) {
        writer.hardLink(path, attributes, first.path());
        return;
      }
      FileStat stat = item.stat();
      switch (stat.type()) {
        case REGULAR -> file(path, item, attributes);
        case SYMLINK -> writer.symlink(path, attributes, item.linkTarget());
        default -> writer.node(path, attributes, stat.type(), stat.rdev());
      }
      if (identity != null && first == null) {
        shared.put(identity, new Written(path, attributes));
      }
    }

    private void file(TreePath path, Item item, Attributes attributes)
        throws IOException, UserException {
      byte[] inline = item.inline();
      if (inline != null) {
        writer.file(path, attributes, inline.length, new ByteArrayInputStream(inline));
        return;
      }
      try (InputFile file = item.tree().view().read(item.path)) {
        FileStat start = file.stat();
        if (!ContentReader.isUnchanged(item.stat(), start)) {
          throw ContentReader.changed(item);
        }
        if (item.isSettled()) {
          writer.file(path, attributes, file);
          if (!ContentReader.isUnchanged(start, file.statNow())) {
            throw ContentReader.changed(item);
          }
        } else {
          hashing(path, item, attributes, file);
        }
      }
    }

    /** A file so young that an equal stat proves nothing: what is written is hashed again. */
    private void hashing(TreePath path, Item item, Attributes attributes, InputFile file)
        throws IOException, UserException {
      MessageDigest sha256 = ContentDigest.sha256();
      DigestInputStream content = new DigestInputStream(file.asStream(), sha256);
      writer.file(path, attributes, item.stat().size(), content);
      if (!ContentDigest.from(sha256).equals(item.digest())) {
        throw ContentReader.changed(item);
      }
    }
  }
}
