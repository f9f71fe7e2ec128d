package io.jbuild.builder.context;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The digests of files by what stat says about them, kept between builds: an unchanged file is not
 * read again.
 *
 * <p>A file that changed less than two seconds before it was read is not remembered: it could
 * change again without a new time stamp (git's racy rule; file systems stamp by the tick of a
 * coarse clock). The index is a cache: losing it, or one process overwriting what another has
 * added, costs time only.
 */
public final class StatIndex {
  private static final long RACY_SECONDS = 2;

  /** What has to be equal for a digest to hold. */
  record Entry(
      long size,
      Timestamp modified,
      Timestamp changed,
      long inode,
      ContentDigest digest,
      boolean hasXattrs,
      int age) {
    boolean fits(FileStat stat) {
      return size == stat.size()
          && inode == stat.inode()
          && modified.equals(stat.modified())
          && changed.equals(stat.changed());
    }

    Entry aged(int newAge) {
      return new Entry(size, modified, changed, inode, digest, hasXattrs, newAge);
    }
  }

  /** What the index can tell; a change of extended attributes is a change of ctime, too. */
  public record Known(ContentDigest digest, boolean hasXattrs) {}

  private final @Nullable IndexFile file;
  private final Clock clock;
  private final Map<TreePath, Entry> fresh = new ConcurrentHashMap<>();
  private @Nullable Map<TreePath, Entry> stored;

  private StatIndex(@Nullable IndexFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * The index of a tree, read when it is first asked.
   *
   * @param tree what tells it from other trees: a directory's real path, an image's id
   */
  public static StatIndex in(Path directory, String tree) {
    return new StatIndex(new IndexFile(directory, tree), Clock.systemUTC());
  }

  static StatIndex in(Path directory, String tree, Clock clock) {
    return new StatIndex(new IndexFile(directory, tree), clock);
  }

  /** An index that forgets at the end of the process. */
  public static StatIndex inMemory() {
    return new StatIndex(null, Clock.systemUTC());
  }

  /** What is known of a file that has not changed since it was last read. */
  public Optional<Known> find(TreePath path, FileStat stat) throws IOException {
    Entry known = fresh.get(path);
    if (known == null) {
      known = stored().get(path);
    }
    if (known == null || !known.fits(stat)) {
      return Optional.empty();
    }
    fresh.putIfAbsent(path, known.aged(0));
    return Optional.of(new Known(known.digest(), known.hasXattrs()));
  }

  /** The moment before a file is read, for {@link #put}. */
  public Instant now() {
    return clock.instant();
  }

  /**
   * Remembers a digest.
   *
   * @param stat what the open file said before and after it was read
   * @param before the moment before it was read
   * @return whether the stat can stand for the content from now on
   */
  public boolean put(
      TreePath path, FileStat stat, ContentDigest digest, boolean hasXattrs, Instant before) {
    long limit = before.getEpochSecond() - RACY_SECONDS;
    if (stat.modified().seconds() >= limit || stat.changed().seconds() >= limit) {
      return false;
    }
    fresh.put(
        path,
        new Entry(
            stat.size(), stat.modified(), stat.changed(), stat.inode(), digest, hasXattrs, 0));
    return true;
  }

  private synchronized Map<TreePath, Entry> stored() throws IOException {
    Map<TreePath, Entry> known = stored;
    if (known == null) {
      known = file == null ? Map.of() : file.read();
      stored = known;
    }
    return known;
  }

  /** Writes what is new, together with what is on disk by then. */
  public synchronized void save() throws IOException {
    if (file == null || fresh.isEmpty()) {
      return;
    }
    if (stored().entrySet().containsAll(fresh.entrySet())) {
      return; // nothing that the disk does not have
    }
    Map<TreePath, Entry> all = new HashMap<>(file.read());
    all.replaceAll((path, entry) -> entry.aged(entry.age() + 1));
    all.values().removeIf(entry -> entry.age() > IndexFile.MAX_AGE);
    all.putAll(fresh);
    file.write(all);
    stored = Map.copyOf(all);
  }
}
