package io.jbuild.builder.context;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
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

  /** A file that was read in this build. */
  private record Read(FileStat stat, Known known) {
    boolean fits(FileStat other) {
      return stat.size() == other.size()
          && stat.inode() == other.inode()
          && stat.modified().equals(other.modified())
          && stat.changed().equals(other.changed());
    }
  }

  /** What the index can tell; a change of extended attributes is a change of ctime, too. */
  public record Known(ContentDigest digest, boolean hasXattrs) {}

  private final @Nullable IndexFile file;
  private final Clock clock;
  private final Map<TreePath, Read> fresh = new ConcurrentHashMap<>();
  private volatile @Nullable Stored stored;

  /** What was on disk, and which of its slots this build has asked for. */
  private static final class Stored {
    final IndexTable table;
    final boolean[] asked;

    Stored(IndexTable table) {
      this.table = table;
      this.asked = new boolean[table.slots()];
    }
  }

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
    Read read = fresh.isEmpty() ? null : fresh.get(path);
    if (read != null && read.fits(stat)) {
      return Optional.of(read.known());
    }
    Stored from = stored();
    int slot = from.table.find(path);
    if (slot < 0 || !from.table.fits(from.table.record(slot), stat)) {
      return Optional.empty();
    }
    from.asked[slot] = true;
    return Optional.of(from.table.known(from.table.record(slot)));
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
    fresh.put(path, new Read(stat, new Known(digest, hasXattrs)));
    return true;
  }

  private Stored stored() throws IOException {
    Stored known = stored;
    return known != null ? known : load();
  }

  private synchronized Stored load() throws IOException {
    Stored known = stored;
    if (known == null) {
      known = new Stored(file == null ? IndexTable.EMPTY : file.read());
      stored = known;
    }
    return known;
  }

  /** Writes what is new, together with what is on disk by then. */
  public synchronized void save() throws IOException {
    if (file == null || !hasNews()) {
      return;
    }
    file.write(merged(file.read()));
    stored = null;
    fresh.clear();
  }

  /** Whether something was read, or something old was asked for again. */
  private boolean hasNews() {
    Stored mine = stored;
    if (!fresh.isEmpty() || mine == null) {
      return !fresh.isEmpty();
    }
    for (int slot = 0; slot < mine.asked.length; slot++) {
      if (mine.asked[slot] && mine.table.age(mine.table.record(slot)) > 0) {
        return true;
      }
    }
    return false;
  }

  /** What was read, what was asked for, and of what else is on disk all that is not too old. */
  private byte[] merged(IndexTable disk) {
    IndexWriter all = new IndexWriter();
    boolean[] replaced = new boolean[disk.slots()];
    for (Map.Entry<TreePath, Read> each : fresh.entrySet()) {
      mark(replaced, disk.find(each.getKey()));
      all.add(each.getKey(), each.getValue().stat(), each.getValue().known());
    }
    addAsked(all, disk, replaced);
    for (int slot = 0; slot < replaced.length; slot++) {
      int at = disk.record(slot);
      if (at != 0 && !replaced[slot] && disk.age(at) < IndexFile.MAX_AGE) {
        all.add(disk, at, disk.age(at) + 1);
      }
    }
    return all.finish();
  }

  private void addAsked(IndexWriter all, IndexTable disk, boolean[] replaced) {
    Stored mine = stored;
    for (int slot = 0; mine != null && slot < mine.asked.length; slot++) {
      if (mine.asked[slot]) {
        int at = mine.table.record(slot);
        byte[] path = mine.table.path(at);
        if (fresh.isEmpty() || !fresh.containsKey(TreePath.parse(path))) {
          mark(replaced, disk.find(mine.table.hash(at), path));
          all.add(mine.table, at, 0);
        }
      }
    }
  }

  private static void mark(boolean[] slots, int slot) {
    if (slot >= 0) {
      slots[slot] = true;
    }
  }
}
