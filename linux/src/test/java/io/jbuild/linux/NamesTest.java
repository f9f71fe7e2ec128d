package io.jbuild.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Name}, {@link TreePath} and {@link Printable}. */
final class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "/", "a/b", "a\0b", "\ud800"})
  void name_invalid_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Name.of(text));
  }

  @Test
  void name_order_isBytewiseUnsigned() {
    List<Name> sorted =
        Stream.of(
                Name.of(new byte[] {(byte) 0xff}),
                Name.of("a"),
                Name.of("B"),
                Name.of("a."),
                Name.of("\u00e9"))
            .sorted()
            .toList();
    assertEquals("[B, a, a., \u00e9, \\xff]", sorted.toString());
  }

  @Test
  void name_bytes_areCopied() {
    byte[] bytes = {'a', 'b'};
    Name name = Name.of(bytes);
    bytes[0] = '/';
    name.bytes()[0] = '/';
    assertEquals(Name.of("ab"), name);
    assertEquals(Name.of("ab").hashCode(), name.hashCode());
    assertTrue(Name.of(".wh.x").startsWith(".wh.".getBytes(UTF_8)));
    assertFalse(Name.of(".w").startsWith(".wh.".getBytes(UTF_8)));
    assertTrue(Name.of("a.tar").endsWith(".tar".getBytes(UTF_8)));
    assertEquals(Optional.of("ab"), name.text());
    assertEquals(Optional.empty(), Name.of("\u00ff".getBytes(ISO_8859_1)).text());
  }

  @ParameterizedTest
  @CsvSource({
    "'', /",
    "/, /",
    "., /",
    ".., /",
    "a, /a",
    "/a/b/, /a/b",
    "a//b/./c, /a/b/c",
    "a/../../b, /b",
    "/a/b/../c/.., /a",
    ".../..a, /.../..a",
  })
  void treePath_parse_cleansLikePathClean(String given, String clean) {
    TreePath path = TreePath.parse(given);
    assertEquals(clean, path.toString());
    assertEquals(path, TreePath.parse(path.bytes()));
    assertEquals(path.hashCode(), TreePath.parse(clean).hashCode());
  }

  @Test
  void treePath_nul_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> TreePath.parse("a\0/b"));
  }

  @Test
  void treePath_parts_areRelated() {
    TreePath path = TreePath.parse("/usr/bin/env");
    assertEquals(3, path.depth());
    assertEquals("env", path.name().toString());
    assertEquals(Optional.of(TreePath.parse("/usr/bin")), path.parent());
    assertEquals(Optional.empty(), TreePath.ROOT.parent());
    assertThrows(IllegalStateException.class, TreePath.ROOT::name);
    assertTrue(path.startsWith(TreePath.parse("/usr")));
    assertTrue(path.startsWith(TreePath.ROOT));
    assertFalse(path.startsWith(TreePath.parse("/us")));
    assertEquals(TreePath.parse("bin/env"), TreePath.parse("/usr").relativize(path));
    assertThrows(IllegalArgumentException.class, () -> path.relativize(TreePath.parse("/usr")));
    assertEquals(path, TreePath.parse("/usr").resolve(TreePath.parse("bin/env")));
    assertEquals(path, TreePath.parse("/usr/bin").resolve(Name.of("env")));
    assertArrayEquals("usr/bin/env".getBytes(UTF_8), path.relativeBytes());
    assertArrayEquals(new byte[0], TreePath.ROOT.relativeBytes());
    assertArrayEquals("env".getBytes(UTF_8), path.relativeBytes(TreePath.parse("/usr/bin")));
    assertArrayEquals(new byte[0], path.relativeBytes(path));
    assertThrows(
        IllegalArgumentException.class, () -> path.relativeBytes(TreePath.parse("/usr/b")));
    assertArrayEquals("/".getBytes(UTF_8), TreePath.ROOT.bytes());
  }

  @Test
  void treePath_order_isByComponentsParentFirst() {
    List<TreePath> sorted =
        Stream.of("/a-b", "/a/z", "/a", "/", "/a/b/c", "/a.b")
            .map(TreePath::parse)
            .sorted()
            .toList();
    assertEquals("[/, /a, /a/b/c, /a/z, /a-b, /a.b]", sorted.toString());
  }

  @Test
  void printable_hostileBytes_areEscaped() {
    assertEquals("plain", Printable.of("plain".getBytes(UTF_8)));
    assertEquals("\u00e9\ud83d\ude00", Printable.of("\u00e9\ud83d\ude00".getBytes(UTF_8)));
    assertEquals("\\x1b[31m\\n\\t\\r\\\\", Printable.of("\u001b[31m\n\t\r\\".getBytes(UTF_8)));
    assertEquals("a\\xffb\\xc3", Printable.of(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}));
    assertEquals("\\u202e\\u200b\\u0085", Printable.of("\u202e\u200b\u0085".getBytes(UTF_8)));
    assertEquals("\\x00", Printable.of(new byte[] {0}));
    assertEquals(
        "\\xed\\xa0\\x80", Printable.of(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}));
  }

  @Test
  void errno_numbersAndTexts_areTheKernels() {
    assertEquals(Errno.ENOENT, Errno.of(2));
    assertEquals(Errno.EHWPOISON, Errno.of(133));
    assertEquals(Errno.UNKNOWN, Errno.of(4711));
    assertEquals(Errno.UNKNOWN, Errno.of(-1));
    assertEquals("x: errno 4711", new LinuxException("x", 4711).getMessage());
    assertEquals(4711, new LinuxException("x", 4711).number());
    assertEquals(
        "x: EPERM (operation not permitted): why", new LinuxException("x", 1, "why").getMessage());
  }

  @Test
  void fileType_everyMode_isRecognised() {
    for (FileType type : FileType.values()) {
      assertEquals(type, FileType.ofMode(type.bits() | 0755));
    }
    assertThrows(IllegalArgumentException.class, () -> FileType.ofMode(0));
  }

  @Test
  void deviceNumber_packing_isTheKernels() {
    assertEquals(0x103, new DeviceNumber(1, 3).packed());
    assertEquals(0xffffffff, new DeviceNumber(0xfff, 0xfffff).packed());
    assertThrows(IllegalArgumentException.class, () -> new DeviceNumber(0x1000, 0));
  }
}
