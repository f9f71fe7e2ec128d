package io.jbuild.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatIndexTest {
  private static final TreePath PATH = TreePath.parse("/a/b");
  private static final ContentDigest DIGEST = ContentDigest.digest(new byte[] {1});

  @TempDir private Path directory;

  private static FileStat stat(long size, long modified, long changed, long inode) {
    return new FileStat(
        FileType.REGULAR,
        0644,
        0,
        0,
        size,
        Timestamp.ofSeconds(modified),
        Timestamp.ofSeconds(changed),
        inode,
        DeviceNumber.NONE,
        1,
        DeviceNumber.NONE);
  }

  private static boolean put(StatIndex index, FileStat stat) {
    return index.put(PATH, stat, DIGEST, false, Instant.ofEpochSecond(1000));
  }

  private boolean knows(FileStat stat) throws IOException {
    return StatIndex.in(directory, "tree").find(PATH, stat).isPresent();
  }

  @Test
  void saved_isFoundByTheNext_onlyIfNothingDiffers() throws IOException {
    StatIndex index = StatIndex.in(directory, "tree");
    assertTrue(put(index, stat(5, 10, 20, 7)));
    index.save();
    assertTrue(knows(stat(5, 10, 20, 7)));
    assertFalse(knows(stat(6, 10, 20, 7)));
    assertFalse(knows(stat(5, 11, 20, 7)));
    assertFalse(knows(stat(5, 10, 21, 7)));
    assertFalse(knows(stat(5, 10, 20, 8)));
    assertTrue(StatIndex.in(directory, "other").find(PATH, stat(5, 10, 20, 7)).isEmpty());
  }

  @Test
  void youngFiles_areNotRemembered() {
    StatIndex index = StatIndex.inMemory();
    assertTrue(put(index, stat(5, 997, 997, 7)));
    assertFalse(put(index, stat(5, 998, 10, 7)));
    assertFalse(put(index, stat(5, 10, 998, 7)));
    assertFalse(put(index, stat(5, 10, 5000, 7)));
  }

  @Test
  void anyDamage_isAnEmptyIndex() throws IOException {
    StatIndex index = StatIndex.in(directory, "tree");
    put(index, stat(5, 10, 20, 7));
    index.save();
    Path file = onlyFile();
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x40;
      Files.write(file, bad);
      assertFalse(knows(stat(5, 10, 20, 7)), "byte " + i);
    }
    Files.write(file, new byte[0]);
    assertFalse(knows(stat(5, 10, 20, 7)));
    put(index, stat(6, 10, 20, 7));
    index.save();
    assertTrue(knows(stat(6, 10, 20, 7)));
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = new ArrayList<>(files.toList());
      assertEquals(1, all.size());
      return all.get(0);
    }
  }

  @Test
  void twoWriters_keepEachOthersEntries() throws IOException {
    StatIndex one = StatIndex.in(directory, "tree");
    StatIndex two = StatIndex.in(directory, "tree");
    FileStat stat = stat(5, 10, 20, 7);
    one.put(TreePath.parse("/1"), stat, DIGEST, false, Instant.ofEpochSecond(1000));
    two.put(TreePath.parse("/2"), stat, DIGEST, true, Instant.ofEpochSecond(1000));
    one.save();
    two.save();
    StatIndex both = StatIndex.in(directory, "tree");
    assertFalse(both.find(TreePath.parse("/1"), stat).orElseThrow().hasXattrs());
    assertTrue(both.find(TreePath.parse("/2"), stat).orElseThrow().hasXattrs());
  }

  @Test
  void thousandsOfFiles_areEachFound_afterSomeChanged() throws IOException {
    StatIndex first = StatIndex.in(directory, "tree");
    for (int i = 0; i < 5000; i++) {
      put(first, i, i);
    }
    first.save();
    StatIndex second = StatIndex.in(directory, "tree");
    for (int i = 0; i < 5000; i += 3) {
      put(second, i, i + 1);
    }
    second.save();
    StatIndex third = StatIndex.in(directory, "tree");
    for (int i = 0; i < 5000; i++) {
      int size = i % 3 == 0 ? i + 1 : i;
      assertEquals(
          ContentDigest.digest(new byte[] {(byte) size}),
          third.find(path(i), stat(size, 10, 20, 7)).orElseThrow().digest());
    }
    assertTrue(third.find(TreePath.parse("/d/f5000"), stat(5000, 10, 20, 7)).isEmpty());
  }

  private static TreePath path(int i) {
    return TreePath.parse("/d" + i % 7 + "/f" + i);
  }

  private static void put(StatIndex index, int i, int size) {
    ContentDigest digest = ContentDigest.digest(new byte[] {(byte) size});
    index.put(path(i), stat(size, 10, 20, 7), digest, false, Instant.ofEpochSecond(1000));
  }

  @Test
  void entriesThatNobodyAsksFor_areDroppedInTheEnd() throws IOException {
    StatIndex first = StatIndex.in(directory, "tree");
    put(first, stat(5, 10, 20, 7));
    first.save();
    for (int i = 0; i <= IndexFile.MAX_AGE; i++) {
      assertTrue(knows(stat(5, 10, 20, 7)), "save " + i);
      StatIndex index = StatIndex.in(directory, "tree");
      FileStat changed = stat(i, 10, 20, 7);
      index.put(TreePath.parse("/x"), changed, DIGEST, false, Instant.ofEpochSecond(1000));
      index.save();
    }
    assertFalse(knows(stat(5, 10, 20, 7)));
  }
}
