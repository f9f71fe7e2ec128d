package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContentDigest;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Fills in what stat does not tell of an item: from the index what is known, the rest by reading.
 */
final class ContentReader {
  private static final int BUFFER = 1 << 17;

  /** A file that is being written to gets so many chances to hold still. */
  private static final int ATTEMPTS = 3;

  private static final ThreadLocal<ByteBuffer> BUFFERS =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER));

  private ContentReader() {}

  /** What the index knows is looked up by this thread alone: that is faster than to share it. */
  static void readAll(List<Item> items, Executor executor, Runnable check)
      throws IOException, UserException {
    List<Item> unknown = new ArrayList<>();
    for (Item item : items) {
      if (!isKnown(item)) {
        unknown.add(item);
      }
    }
    Parallel.forEach(executor, unknown, item -> read(item, check));
  }

  private static boolean isKnown(Item item) throws IOException {
    if (item.inline() != null || item.stat().isDirectory()) {
      return true;
    }
    return item.stat().isRegular() && isIndexed(item, item.tree());
  }

  private static void read(Item item, Runnable check) throws IOException, UserException {
    SourceTree tree = item.tree();
    switch (item.stat().type()) {
      case REGULAR -> content(item, tree, check);
      case SYMLINK -> item.setLinkTarget(tree.view().readLink(item.path));
      default -> item.setXattrs(tree.view().xattrs(item.path));
    }
  }

  private static boolean isIndexed(Item item, SourceTree tree) throws IOException {
    Optional<StatIndex.Known> known = tree.index().find(item.path, item.stat());
    if (known.isEmpty()) {
      return false;
    }
    item.setContent(item.stat(), known.get().digest(), true);
    if (known.get().hasXattrs()) {
      item.setXattrs(tree.view().xattrs(item.path));
    }
    return true;
  }

  private static void content(Item item, SourceTree tree, Runnable check)
      throws IOException, UserException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Instant before = tree.index().now();
      try (InputFile file = tree.view().read(item.path)) {
        FileStat start = file.stat();
        MessageDigest sha256 = ContentDigest.sha256();
        long size = digest(file, sha256, check);
        item.setXattrs(file.xattrs());
        if (size == start.size() && isUnchanged(start, file.statNow())) {
          ContentDigest digest = ContentDigest.from(sha256);
          boolean settled =
              tree.index().put(item.path, start, digest, !item.xattrs().isEmpty(), before);
          item.setContent(start, digest, settled);
          return;
        }
      }
    }
    throw changed(item);
  }

  private static long digest(InputFile file, MessageDigest sha256, Runnable check)
      throws IOException {
    ByteBuffer buffer = BUFFERS.get();
    long size = 0;
    while (file.read(buffer.clear()) >= 0) {
      check.run();
      size += buffer.position();
      sha256.update(buffer.flip());
    }
    return size;
  }

  static boolean isUnchanged(FileStat before, FileStat after) {
    return before.inode() == after.inode()
        && before.size() == after.size()
        && before.modified().equals(after.modified())
        && before.changed().equals(after.changed());
  }

  static UserException changed(Item item) {
    return new UserException(
        "\"" + item.path + "\" in " + item.tree().name() + " changes while it is copied",
        "build again when nothing writes to it");
  }
}
