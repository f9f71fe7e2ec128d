package io.jbuild.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Dir} does. Whoever implements one runs this suite over an empty directory. */
public abstract class DirContract {
  private static final Timestamp LONG_AGO = new Timestamp(-86_400, 123_000_000);

  /** An empty directory, opened once per test and closed by the suite's implementer. */
  protected abstract Dir root() throws IOException;

  /** Whether nodes can be made and owners given away here. */
  protected boolean isPrivileged() {
    return true;
  }

  private static Name name(String text) {
    return Name.of(text);
  }

  private void write(Dir dir, String name, String content) throws IOException {
    try (OutputFile file = dir.create(name(name), 0644)) {
      byte[] bytes = content.getBytes(UTF_8);
      file.write(bytes, 0, bytes.length);
    }
  }

  private String read(Dir dir, String name) throws IOException {
    try (InputFile file = dir.read(name(name))) {
      return new String(file.asStream().readAllBytes(), UTF_8);
    }
  }

  private static void assertErrno(Errno errno, Executable action) {
    assertEquals(errno, assertThrows(LinuxException.class, action).errno());
  }

  static Stream<Name> oddNames() {
    return Stream.of(
        Name.of("-rf"),
        Name.of("a\nb"),
        Name.of("\u001b[31mred"),
        Name.of("back\\slash:comma,"),
        Name.of("..."),
        Name.of(" "),
        Name.of("\u00fc\ud83d\ude00"),
        Name.of("n".repeat(255)),
        Name.of(new byte[] {(byte) 0xff, (byte) 0xfe}),
        Name.of("caf\u00e9".getBytes(ISO_8859_1)));
  }

  @Test
  void list_filtered_tellsTypes() throws IOException {
    root().makeDir(name("d"), 0700).close();
    root().symlink(name("l"), new byte[] {'x'});
    root().create(name("f"), 0600).close();
    root().create(name("unwanted"), 0600).close();
    NameFilter shortNames = (bytes, from, to, type) -> to - from == 1;
    List<ListedName> expected =
        List.of(
            new ListedName(name("d"), FileType.DIRECTORY),
            new ListedName(name("f"), FileType.REGULAR),
            new ListedName(name("l"), FileType.SYMLINK));
    assertEquals(expected, root().list(shortNames));
    assertEquals(expected, root().list(shortNames));
  }

  @ParameterizedTest
  @MethodSource("oddNames")
  void list_filtered_seesTheName(Name name) throws IOException {
    root().create(name, 0600).close();
    NameFilter same =
        (bytes, from, to, type) -> Name.of(Arrays.copyOfRange(bytes, from, to)).equals(name);
    assertEquals(List.of(new ListedName(name, FileType.REGULAR)), root().list(same));
  }

  @ParameterizedTest
  @MethodSource("oddNames")
  void create_oddName_isKeptByteForByte(Name name) throws IOException {
    root().create(name, 0600).close();
    assertEquals(List.of(name), root().list());
    assertTrue(root().stat(name).isRegular());
    root().symlink(Name.of("to"), name.bytes());
    assertArrayEquals(name.bytes(), root().readLink(Name.of("to")));
    root().unlink(name);
    assertEquals(Optional.empty(), root().find(name));
  }

  @Test
  void create_256Bytes_isTooLong() throws IOException {
    Name tooLong = Name.of("n".repeat(256));
    assertErrno(Errno.ENAMETOOLONG, () -> root().create(tooLong, 0600));
    assertErrno(Errno.ENAMETOOLONG, () -> root().find(tooLong));
    assertErrno(Errno.ENAMETOOLONG, () -> root().find(Name.of("n".repeat(5000))));
  }

  @Test
  void list_manyNames_areSortedBytewise() throws IOException {
    for (int i = 999; i >= 0; i--) {
      root().create(name("f" + i), 0600).close();
    }
    root().create(Name.of(new byte[] {(byte) 0x80}), 0600).close();
    List<Name> names = root().list();
    assertEquals(1001, names.size());
    assertEquals(names.stream().sorted().toList(), names);
    assertEquals(names, root().list());
    List<DirEntry> entries = root().entries();
    assertEquals(names, entries.stream().map(DirEntry::name).toList());
    assertEquals(root().stat(names.get(7)), entries.get(7).stat());
  }

  @Test
  void create_existing_isRefusedAlsoForDanglingSymlink() throws IOException {
    root().symlink(name("link"), "nowhere".getBytes(UTF_8));
    assertErrno(Errno.EEXIST, () -> root().create(name("link"), 0600));
    assertErrno(Errno.EEXIST, () -> root().makeDir(name("link"), 0700));
    assertEquals(Optional.empty(), root().find(name("nowhere")));
  }

  @Test
  void write_severalTimes_appends() throws IOException {
    try (OutputFile file = root().create(name("f"), 0600)) {
      file.write(ByteBuffer.wrap("heap,".getBytes(UTF_8)));
      file.write(ByteBuffer.allocateDirect(8).put("direct".getBytes(UTF_8)).flip());
      file.write("xx, array".getBytes(UTF_8), 2, 7);
      file.sync();
      assertEquals(18, file.stat().size());
    }
    assertEquals("heap,direct, array", read(root(), "f"));
    assertEquals(18, root().stat(name("f")).size());
  }

  @Test
  void write_moreThanOneBuffer_isReadBackInAllWays() throws IOException {
    byte[] big = new byte[300_001];
    for (int i = 0; i < big.length; i++) {
      big[i] = (byte) (i * 31);
    }
    try (OutputFile file = root().create(name("big"), 0600)) {
      file.write(big, 0, 100_000);
      file.write(ByteBuffer.wrap(big, 100_000, 200_001));
    }
    try (InputFile file = root().read(name("big"))) {
      assertArrayEquals(big, file.asStream().readAllBytes());
      assertEquals(-1, file.read(new byte[1], 0, 1));
    }
    try (InputFile file = root().read(name("big"))) {
      ByteBuffer direct = ByteBuffer.allocateDirect(big.length + 1);
      while (file.read(direct) >= 0) {
        assertTrue(direct.hasRemaining());
      }
      byte[] got = new byte[direct.flip().remaining()];
      direct.get(got);
      assertArrayEquals(big, got);
    }
    try (InputFile file = root().read(name("big"))) {
      ByteBuffer heap = ByteBuffer.allocate(10);
      assertEquals(10, file.read(heap));
      assertEquals(0, file.read(heap));
      assertEquals(big[9], heap.get(9));
    }
  }

  @Test
  void permissions_areExactWhateverTheUmask() throws IOException {
    root().makeDir(name("d"), 07777).close();
    root().create(name("f"), 0666).close();
    root().create(name("none"), 0).close();
    root().makeNode(name("p"), FileType.FIFO, 0622, DeviceNumber.NONE);
    assertEquals(07777, root().stat(name("d")).permissions());
    assertEquals(0666, root().stat(name("f")).permissions());
    assertEquals(0, root().stat(name("none")).permissions());
    assertEquals(0622, root().stat(name("p")).permissions());
    root().setPermissions(name("f"), 04711);
    assertEquals(04711, root().stat(name("f")).permissions());
    root().setPermissions(01770);
    assertEquals(01770, root().stat().permissions());
    assertThrows(IllegalArgumentException.class, () -> root().setPermissions(name("f"), 0100644));
  }

  @Test
  void open_symlinkToDirectory_isNotFollowed() throws IOException {
    root().makeDir(name("real"), 0755).close();
    root().symlink(name("link"), "real".getBytes(UTF_8));
    assertErrno(Errno.ENOTDIR, () -> root().open(name("link")));
    assertErrno(Errno.ENOENT, () -> root().open(name("missing")));
  }

  @Test
  void everyOperation_onSymlink_leavesTheTargetAlone() throws IOException {
    write(root(), "victim", "safe");
    root().symlink(name("link"), "victim".getBytes(UTF_8));
    FileStat before = root().stat(name("victim"));
    assertErrno(Errno.ELOOP, () -> root().read(name("link")));
    assertErrno(Errno.EOPNOTSUPP, () -> root().setPermissions(name("link"), 0777));
    root().setTimes(name("link"), LONG_AGO);
    root().link(name("second"), root(), name("link"));
    root().rename(name("second"), root(), name("third"), false);
    if (isPrivileged()) {
      root().setOwner(name("link"), 12, 34);
      root().setXattr(name("link"), "trusted.test", new byte[] {1});
      assertEquals(12, root().stat(name("link")).uid());
      assertEquals(1, root().xattrs(name("link")).size());
    }
    assertEquals(FileType.SYMLINK, root().stat(name("third")).type());
    assertEquals(2, root().stat(name("link")).linkCount());
    assertEquals(LONG_AGO, root().stat(name("link")).modified());
    root().removeTree(name("link"));
    root().unlink(name("third"));
    assertEquals(before, root().stat(name("victim")));
    assertEquals("safe", read(root(), "victim"));
  }

  @Test
  void removeTree_symlinkToDirectory_removesTheLinkOnly() throws IOException {
    try (Dir real = root().makeDir(name("real"), 0755);
        Dir tree = root().makeDir(name("tree"), 0755)) {
      write(real, "keep", "me");
      tree.symlink(name("up"), "../real".getBytes(UTF_8));
      tree.symlink(name("dots"), "..".getBytes(UTF_8));
    }
    root().removeTree(name("tree"));
    try (Dir real = root().open(name("real"))) {
      assertEquals("me", read(real, "keep"));
    }
    assertEquals(List.of(name("real")), root().list());
  }

  @Test
  void removeTree_mixedTree_isGone() throws IOException {
    try (Dir tree = root().makeDir(name("tree"), 0755)) {
      for (int i = 0; i < 20; i++) {
        try (Dir sub = tree.makeDir(name("d" + i), 0755)) {
          write(sub, "f", "x");
          sub.makeDir(name("empty"), 0).close();
          sub.makeNode(name("fifo"), FileType.FIFO, 0600, DeviceNumber.NONE);
        }
      }
    }
    root().removeTree(name("tree"));
    assertEquals(List.of(), root().list());
    assertErrno(Errno.ENOENT, () -> root().removeTree(name("tree")));
  }

  @Test
  void statNow_afterAWrite_tellsTheNewSize() throws IOException {
    try (OutputFile out = root().create(name("f"), 0600)) {
      out.write(new byte[1], 0, 1);
      try (InputFile in = root().read(name("f"))) {
        out.write(new byte[2], 0, 2);
        assertEquals(1, in.stat().size());
        assertEquals(3, in.statNow().size());
      }
    }
  }

  @Test
  void read_whatIsNoRegularFile_failsAtOnce() throws IOException {
    root().makeNode(name("fifo"), FileType.FIFO, 0644, DeviceNumber.NONE);
    root().makeNode(name("socket"), FileType.SOCKET, 0644, DeviceNumber.NONE);
    root().makeDir(name("dir"), 0755).close();
    assertErrno(Errno.EINVAL, () -> root().read(name("fifo")));
    assertErrno(Errno.EINVAL, () -> root().read(name("dir")));
    assertErrno(Errno.EINVAL, () -> root().read(name("socket")));
    assertErrno(Errno.ENOENT, () -> root().read(name("missing")));
  }

  @Test
  void link_makesSecondNameOfOneFile() throws IOException {
    write(root(), "a", "one");
    try (Dir dir = root().makeDir(name("d"), 0755)) {
      dir.link(name("b"), root(), name("a"));
      assertTrue(dir.stat(name("b")).isSameFile(root().stat(name("a"))));
      assertEquals(2, dir.stat(name("b")).linkCount());
      root().unlink(name("a"));
      assertEquals(1, dir.stat(name("b")).linkCount());
      assertEquals("one", read(dir, "b"));
      assertErrno(Errno.EEXIST, () -> dir.link(name("b"), dir, name("b")));
      assertErrno(Errno.ENOENT, () -> dir.link(name("c"), dir, name("missing")));
    }
    assertErrno(Errno.EPERM, () -> root().link(name("hard"), root(), name("d")));
  }

  @Test
  void makeNode_device_keepsItsNumbers() throws IOException {
    assumeTrue(isPrivileged(), "device nodes need root: skipped");
    root().makeNode(name("whiteout"), FileType.CHARACTER_DEVICE, 0, new DeviceNumber(0, 0));
    root().makeNode(name("null"), FileType.CHARACTER_DEVICE, 0666, new DeviceNumber(1, 3));
    DeviceNumber big = new DeviceNumber(4095, (1 << 20) - 1);
    root().makeNode(name("big"), FileType.BLOCK_DEVICE, 0660, big);
    assertEquals(new DeviceNumber(1, 3), root().stat(name("null")).rdev());
    assertEquals(0666, root().stat(name("null")).permissions());
    assertEquals(big, root().stat(name("big")).rdev());
    assertEquals(FileType.BLOCK_DEVICE, root().stat(name("big")).type());
    assertEquals(DeviceNumber.NONE, root().stat(name("whiteout")).rdev());
    assertErrno(Errno.EINVAL, () -> root().read(name("whiteout")));
    assertErrno(
        Errno.EEXIST, () -> root().makeNode(name("null"), FileType.FIFO, 0, DeviceNumber.NONE));
  }

  @Test
  void setOwner_largeNumbers_areKept() throws IOException {
    assumeTrue(isPrivileged(), "giving files away needs root: skipped");
    write(root(), "f", "");
    root().setOwner(name("f"), 4_294_967_294L, 100_000);
    assertEquals(4_294_967_294L, root().stat(name("f")).uid());
    assertEquals(100_000, root().stat(name("f")).gid());
    root().setOwner(7, 8);
    assertEquals(7, root().stat().uid());
    assertThrows(
        IllegalArgumentException.class, () -> root().setOwner(name("f"), 4_294_967_295L, 0));
    assertThrows(IllegalArgumentException.class, () -> root().setOwner(-1, 0));
  }

  @Test
  void setOwner_clearsSetIdBits() throws IOException {
    assumeTrue(isPrivileged(), "giving files away needs root: skipped");
    try (OutputFile file = root().create(name("f"), 06755)) {
      file.setOwner(1, 1);
      assertEquals(0755, file.stat().permissions());
      file.setPermissions(06755);
      assertEquals(06755, file.stat().permissions());
    }
  }

  @Test
  void setTimes_keepsNanoseconds() throws IOException {
    try (OutputFile file = root().create(name("f"), 0644)) {
      file.setTimes(LONG_AGO);
    }
    assertEquals(LONG_AGO, root().stat(name("f")).modified());
    root().setTimes(name("f"), new Timestamp(4_000_000_000L, 1));
    assertEquals(new Timestamp(4_000_000_000L, 1), root().stat(name("f")).modified());
    assertNotEquals(LONG_AGO, root().stat(name("f")).changed());
    root().setTimes(Timestamp.EPOCH);
    assertEquals(Timestamp.EPOCH, root().stat().modified());
  }

  @Test
  void xattrs_areSetReadAndRemoved() throws IOException {
    write(root(), "f", "");
    assertTrue(root().xattrs(name("f")).isEmpty());
    root().setXattr(name("f"), "user.empty", new byte[0]);
    root().setXattr(name("f"), "user.b", new byte[] {0, (byte) 0xff});
    root().setXattr(name("f"), "user.\u00e9", new byte[] {1});
    root().setXattr(name("f"), "user.b", new byte[] {0, (byte) 0xfe});
    assertEquals(
        List.of("user.b", "user.empty", "user.\u00e9"),
        List.copyOf(root().xattrs(name("f")).keySet()));
    assertArrayEquals(new byte[] {0, (byte) 0xfe}, root().xattrs(name("f")).get("user.b"));
    try (InputFile file = root().read(name("f"))) {
      assertEquals(3, file.xattrs().size());
    }
    root().removeXattr(name("f"), "user.b");
    assertEquals(2, root().xattrs(name("f")).size());
    assertErrno(Errno.ENODATA, () -> root().removeXattr(name("f"), "user.b"));
    assertThrows(
        IllegalArgumentException.class, () -> root().setXattr(name("f"), "user.\0", new byte[0]));
  }

  @Test
  void xattrs_ofDirectoryAndNewFile_areSet() throws IOException {
    root().setXattr("user.dir", new byte[] {9});
    assertEquals(List.of("user.dir"), List.copyOf(root().xattrs().keySet()));
    root().removeXattr("user.dir");
    assertTrue(root().xattrs().isEmpty());
    try (OutputFile file = root().create(name("f"), 0644)) {
      file.setXattr("user.new", new byte[] {7});
    }
    assertArrayEquals(new byte[] {7}, root().xattrs(name("f")).get("user.new"));
  }

  @Test
  void rename_existingTarget_isReplacedOnlyWhenAllowed() throws IOException {
    write(root(), "a", "A");
    write(root(), "b", "B");
    assertErrno(Errno.EEXIST, () -> root().rename(name("a"), root(), name("b"), false));
    root().rename(name("a"), root(), name("b"), true);
    assertEquals("A", read(root(), "b"));
    assertEquals(List.of(name("b")), root().list());
    assertErrno(Errno.ENOENT, () -> root().rename(name("a"), root(), name("c"), true));
  }

  @Test
  void rename_directories_followTheKernelsRules() throws IOException {
    root().makeDir(name("empty"), 0755).close();
    write(root(), "file", "");
    try (Dir full = root().makeDir(name("full"), 0755)) {
      write(full, "f", "");
      assertErrno(Errno.EINVAL, () -> root().rename(name("full"), full, name("x"), true));
      assertErrno(Errno.ENOTEMPTY, () -> root().rename(name("empty"), root(), name("full"), true));
      assertErrno(Errno.ENOTDIR, () -> root().rename(name("full"), root(), name("file"), true));
      assertErrno(Errno.EISDIR, () -> root().rename(name("file"), root(), name("full"), true));
      root().rename(name("full"), root(), name("empty"), true);
      assertEquals(List.of(name("f")), full.list());
    }
  }

  @Test
  void unlinkAndRemoveDir_refuseTheOtherKind() throws IOException {
    write(root(), "f", "");
    try (Dir dir = root().makeDir(name("d"), 0755)) {
      assertEquals(2, dir.stat().linkCount());
      write(dir, "x", "");
      assertErrno(Errno.EISDIR, () -> root().unlink(name("d")));
      assertErrno(Errno.ENOTDIR, () -> root().removeDir(name("f")));
      assertErrno(Errno.ENOTEMPTY, () -> root().removeDir(name("d")));
      dir.unlink(name("x"));
      root().removeDir(name("d"));
      assertErrno(Errno.ENOENT, () -> dir.create(name("late"), 0600));
    }
    assertErrno(Errno.ENOENT, () -> root().unlink(name("missing")));
  }

  @Test
  void symlink_target_mayBeAnythingButEmpty() throws IOException {
    byte[] target = "/../a\n\u00ff".getBytes(ISO_8859_1);
    root().symlink(name("l"), target);
    assertArrayEquals(target, root().readLink(name("l")));
    assertEquals(target.length, root().stat(name("l")).size());
    root().symlink(name("long"), "x".repeat(4095).getBytes(UTF_8));
    assertErrno(
        Errno.ENAMETOOLONG, () -> root().symlink(name("longer"), "x".repeat(4096).getBytes(UTF_8)));
    assertErrno(Errno.ENOENT, () -> root().symlink(name("none"), new byte[0]));
    assertErrno(Errno.EINVAL, () -> root().readLink(directory("d")));
  }

  private Name directory(String text) throws IOException {
    root().makeDir(name(text), 0755).close();
    return name(text);
  }

  @Test
  void close_twice_isSafeAndUseAfterwardsIsABug() throws IOException {
    Dir dir = root().makeDir(name("d"), 0755);
    dir.close();
    dir.close();
    assertThrows(IllegalStateException.class, dir::stat);
    OutputFile out = root().create(name("f"), 0644);
    out.close();
    out.close();
    InputFile in = root().read(name("f"));
    in.close();
    in.close();
    assertThrows(IllegalStateException.class, () -> in.read(new byte[1], 0, 1));
    assertFalse(root().list().isEmpty());
  }
}
