package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel and its fake are given the same random operations and have to agree on everything. */
final class DirModelTest {
  private static final int OPERATIONS = 400;
  private static final List<Name> NAMES = List.of(Name.of("a"), Name.of("b"), Name.of("c"));

  @TempDir private Path temporary;

  @BeforeEach
  void needRoot() {
    assumeTrue(Self.isRoot(), "owners and device nodes need root: skipped");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void randomOperations_kernelAndMemory_agree(long seed) throws IOException {
    Path path = Files.createDirectory(temporary.resolve("root"));
    try (KernelDir kernel = KernelDir.open(path);
        MemoryTree tree = new MemoryTree();
        MemoryDir memory = tree.root()) {
      Random ofKernel = new Random(seed);
      Random ofMemory = new Random(seed);
      for (int i = 0; i < OPERATIONS; i++) {
        String expected = outcome(kernel, ofKernel);
        assertEquals(expected, outcome(memory, ofMemory), "operation " + i + " of seed " + seed);
      }
      assertEquals(fingerprint(kernel), fingerprint(memory));
      assertEquals(1, tree.openHandles());
      for (Name name : kernel.list()) {
        kernel.removeTree(name);
        memory.removeTree(name);
      }
      assertEquals(fingerprint(kernel), fingerprint(memory));
    }
  }

  @Test
  void fingerprint_differentTrees_differ() throws IOException {
    try (MemoryTree tree = new MemoryTree();
        MemoryDir dir = tree.root()) {
      String empty = fingerprint(dir);
      dir.create(Name.of("f"), 0600).close();
      assertEquals(false, empty.equals(fingerprint(dir)));
    }
  }

  /** Performs one operation, somewhere in the tree, and tells its result or errno. */
  private static String outcome(Dir root, Random random) {
    List<Dir> opened = new ArrayList<>();
    try {
      Dir one = wander(root, random, opened);
      Dir two = wander(root, random, opened);
      return operate(one, two, random);
    } catch (LinuxException e) {
      return e.errno().toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      opened.forEach(DirModelTest::close);
    }
  }

  private static void close(Dir dir) {
    try {
      dir.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Dir wander(Dir root, Random random, List<Dir> opened) throws IOException {
    Dir at = root;
    for (int depth = random.nextInt(3); depth > 0; depth--) {
      Name name = pick(random);
      if (at.find(name).map(FileStat::isDirectory).orElse(false)) {
        at = at.open(name);
        opened.add(at);
      }
    }
    return at;
  }

  private static Name pick(Random random) {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private static String operate(Dir one, Dir two, Random random) throws IOException {
    Name name = pick(random);
    Name other = pick(random);
    int number = random.nextInt(07777);
    boolean flag = random.nextBoolean();
    switch (random.nextInt(22)) {
      case 0, 1, 2 -> one.makeDir(name, number).close();
      case 3, 4 -> write(one, name, number);
      case 5 -> one.symlink(name, other.bytes());
      case 6, 7 -> one.link(name, two, other);
      case 8 -> one.makeNode(name, FileType.FIFO, number, DeviceNumber.NONE);
      case 9 -> one.makeNode(name, FileType.CHARACTER_DEVICE, number, new DeviceNumber(0, 0));
      case 10 -> one.unlink(name);
      case 11 -> one.removeDir(name);
      case 12 -> one.removeTree(name);
      case 13, 14, 15 -> one.rename(name, two, other, flag);
      case 16 -> one.setOwner(name, number, number + 1L);
      case 17 -> one.setPermissions(name, number);
      case 18 -> one.setTimes(name, Timestamp.ofSeconds(number));
      case 19 -> one.setXattr(name, "trusted." + other, new byte[number % 5]);
      case 20 -> one.removeXattr(name, "trusted." + other);
      default -> {
        return new String(one.readLink(name), StandardCharsets.UTF_8);
      }
    }
    return "done";
  }

  private static void write(Dir dir, Name name, int size) throws IOException {
    try (OutputFile file = dir.create(name, size)) {
      file.write(new byte[size], 0, size);
      file.setOwner(size, size);
    }
  }

  private static String fingerprint(Dir root) throws IOException {
    StringBuilder out = new StringBuilder();
    describe(root, "", out);
    return out.toString();
  }

  private static void describe(Dir dir, String indent, StringBuilder out) throws IOException {
    for (Name name : dir.list()) {
      FileStat stat = dir.stat(name);
      long size = stat.isDirectory() ? 0 : stat.size();
      out.append(indent).append(name).append(' ').append(stat.type()).append(' ');
      out.append(Integer.toOctalString(stat.permissions())).append(' ');
      out.append(stat.uid()).append(':').append(stat.gid()).append(' ').append(size);
      out.append(" links ").append(stat.linkCount()).append(" rdev ").append(stat.rdev());
      dir.xattrs(name).forEach((k, v) -> out.append(' ').append(k).append('=').append(v.length));
      out.append('\n');
      if (stat.isDirectory()) {
        try (Dir below = dir.open(name)) {
          describe(below, indent + "  ", out);
        }
      }
    }
  }
}
