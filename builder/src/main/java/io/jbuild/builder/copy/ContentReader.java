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

  static void readAll(List<Item> items, Executor executor) throws IOException, UserException {
    Parallel.forEach(executor, items, ContentReader::read);
  }

  private static void read(Item item) throws IOException, UserException {
    if (item.inline() != null) {
      return;
    }
    SourceTree tree = item.tree();
    switch (item.stat().type()) {
      case REGULAR -> file(item, tree);
      case SYMLINK -> item.setLinkTarget(tree.view().readLink(item.path));
      default -> item.setXattrs(tree.view().xattrs(item.path));
    }
  }

  private static void file(Item item, SourceTree tree) throws IOException, UserException {
    Optional<StatIndex.Known> known = tree.index().find(item.path, item.stat());
    if (known.isEmpty()) {
      content(item, tree);
      return;
    }
    item.setContent(item.stat(), known.get().digest(), true);
    if (known.get().hasXattrs()) {
      item.setXattrs(tree.view().xattrs(item.path));
    }
  }

  private static void content(Item item, SourceTree tree) throws IOException, UserException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Instant before = tree.index().now();
      try (InputFile file = tree.view().read(item.path)) {
        FileStat start = file.stat();
        MessageDigest sha256 = ContentDigest.sha256();
        long size = digest(file, sha256);
        item.setXattrs(file.xattrs());
        if (size == start.size() && isUnchanged(start, file.stat())) {
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

  private static long digest(InputFile file, MessageDigest sha256) throws IOException {
    ByteBuffer buffer = BUFFERS.get();
    long size = 0;
    while (file.read(buffer.clear()) >= 0) {
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
