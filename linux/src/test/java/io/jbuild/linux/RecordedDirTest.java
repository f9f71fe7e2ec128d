package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners that are recorded, not set: it needs attributes, and no rights. */
class RecordedDirTest {
  private static final Name FILE = Name.of("file");
  private static final Name OTHER = Name.of("other");
  private static final DeviceNumber NULL_DEVICE = DeviceNumber.of(1, 3);

  @TempDir Path temp;
  private Path tree = Path.of("/");

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectory(temp.resolve("fs"));
    try (KernelDir dir = KernelDir.open(tree)) {
      dir.setXattr("user.try", new byte[] {1});
    } catch (LinuxException e) {
      assumeTrue(false, "SKIPPED: temporary files have no user attributes here");
    }
  }

  private String owner(Name name) throws IOException {
    try (Dir again = OwnedTree.openRecorded(tree)) {
      FileStat stat = again.stat(name);
      return stat.uid() + ":" + stat.gid();
    }
  }

  @Test
  void setOwner_eachKindOfFile_readBack() throws IOException {
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      try (OutputFile file = dir.create(FILE, 0644)) {
        file.setOwner(33, 34);
      }
      dir.makeDir(OTHER, 0755).close();
      dir.setOwner(OTHER, 1, 2);
      dir.symlink(Name.of("link"), new byte[] {'x'});
      dir.setOwner(Name.of("link"), 3, 4);
      dir.makeNode(Name.of("pipe"), FileType.FIFO, 0600, DeviceNumber.NONE);
      dir.setOwner(Name.of("pipe"), 5, 6);
      dir.setOwner(7, 8);
      assertEquals(7, dir.stat().uid());
    }
    assertEquals("33:34", owner(FILE));
    assertEquals("1:2", owner(OTHER));
    assertEquals("3:4", owner(Name.of("link")));
    assertEquals("5:6", owner(Name.of("pipe")));
    try (KernelDir plain = KernelDir.open(tree)) {
      FileStat stat = plain.stat(FILE);
      assertEquals(plain.stat().uid(), stat.uid());
    }
  }

  @Test
  void setOwner_rootAgain_recordGone() throws IOException {
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      dir.create(FILE, 0644).close();
      dir.setOwner(FILE, 33, 34);
      dir.setOwner(FILE, 0, 0);
      assertEquals(0, dir.stat(FILE).uid());
    }
    try (KernelDir plain = KernelDir.open(tree)) {
      assertEquals(Set.of(), plain.xattrs(FILE).keySet());
    }
  }

  @Test
  void xattrs_records_notShown() throws IOException {
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      dir.create(FILE, 0644).close();
      dir.setOwner(FILE, 33, 34);
      dir.setXattr(FILE, "user.note", new byte[] {1});
      assertEquals(Set.of("user.note"), dir.xattrs(FILE).keySet());
    }
  }

  @Test
  void makeNode_device_standInWithNumber() throws IOException {
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      dir.makeNode(FILE, FileType.CHARACTER_DEVICE, 0600, NULL_DEVICE);
      dir.setOwner(FILE, 0, 5);
      FileStat stat = dir.stat(FILE);
      assertEquals(FileType.CHARACTER_DEVICE, stat.type());
      assertEquals(NULL_DEVICE, stat.rdev());
      assertEquals(5, stat.gid());
    }
    try (KernelDir plain = KernelDir.open(tree)) {
      assertTrue(plain.stat(FILE).isRegular());
    }
  }

  @Test
  void find_strangeRecords_readAsRoots() throws IOException {
    try (KernelDir plain = KernelDir.open(tree)) {
      plain.create(FILE, 0644).close();
      plain.setXattr(FILE, "user.jbuild.owner", new byte[] {'-', '1', ':', '0'});
      plain.setXattr(FILE, "user.jbuild.device", new byte[] {'c', ' ', 'x', ':', '0'});
    }
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      assertTrue(dir.stat(FILE).isRegular());
      assertEquals(0, dir.stat(FILE).uid());
    }
  }

  @Test
  void linkAndRename_symlink_ownerGoesAlong() throws IOException {
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      dir.symlink(FILE, new byte[] {'x'});
      dir.setOwner(FILE, 3, 4);
      dir.link(OTHER, dir, FILE);
      dir.rename(FILE, dir, Name.of("third"), false);
      dir.symlink(FILE, new byte[] {'y'});
    }
    assertEquals("3:4", owner(OTHER));
    assertEquals("3:4", owner(Name.of("third")));
    assertEquals("0:0", owner(FILE));
  }

  @Test
  void rename_directory_refused() throws IOException {
    try (Dir dir = OwnedTree.openRecorded(tree)) {
      dir.makeDir(OTHER, 0755).close();
      assertThrows(UnsupportedOperationException.class, () -> dir.rename(OTHER, dir, FILE, false));
    }
  }
}
