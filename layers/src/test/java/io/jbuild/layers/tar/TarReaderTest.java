package io.jbuild.layers.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Timestamp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive));
  }

  /** Reads everything; how many entries. */
  private static int drain(byte[] archive) throws IOException {
    TarReader reader = reader(archive);
    int entries = 0;
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      reader.content().transferTo(java.io.OutputStream.nullOutputStream());
      entries++;
    }
    return entries;
  }

  private static String name(TarEntry entry) {
    return new String(entry.name(), StandardCharsets.ISO_8859_1);
  }

  static Stream<Arguments> malformed() {
    RawTar raw = new RawTar();
    return Stream.of(
        Arguments.of("checksum", flip(raw.file("f", "x").end(), 0)),
        Arguments.of("cut header", cut(new RawTar().file("f", "x").unfinished(), 300)),
        Arguments.of(
            "cut content", cut(new RawTar().file("f", "x".repeat(900)).unfinished(), 1000)),
        Arguments.of("cut padding", cut(new RawTar().file("f", "x").unfinished(), 600)),
        Arguments.of("negative size", size(BigInteger.valueOf(-1))),
        Arguments.of("size 2^62 without data", size(BigInteger.ONE.shiftLeft(62))),
        Arguments.of("size 2^80", size(BigInteger.ONE.shiftLeft(80))),
        Arguments.of(
            "octal garbage",
            new RawTar().header('0', "f", 0, b -> RawTar.put(b, 124, "0000009999x\0")).end()),
        Arguments.of("unknown type", new RawTar().header('Z', "f", 0).end()),
        Arguments.of("multi-volume", new RawTar().header('M', "f", 0).end()),
        Arguments.of("dump directory", new RawTar().header('D', "f", 0).end()),
        Arguments.of(
            "hard link with size",
            new RawTar().header('1', "f", 3, b -> RawTar.put(b, 157, "g")).data("abc").end()),
        Arguments.of(
            "symlink with size",
            new RawTar().header('2', "f", 3, b -> RawTar.put(b, 157, "g")).end()),
        Arguments.of(
            "directory with data", new RawTar().header('5', "d/", 512).data("x".repeat(512)).end()),
        Arguments.of("link without target", new RawTar().header('2', "l", 0).end()),
        Arguments.of(
            "uid 2^32-1",
            new RawTar()
                .header(
                    '0', "f", 0, b -> RawTar.base256(b, 108, 8, BigInteger.valueOf(0xffff_ffffL)))
                .end()),
        Arguments.of(
            "uid 2^32",
            new RawTar()
                .header('0', "f", 0, b -> RawTar.base256(b, 108, 8, BigInteger.ONE.shiftLeft(32)))
                .end()),
        Arguments.of(
            "uid -1",
            new RawTar()
                .header('0', "f", 0, b -> RawTar.base256(b, 108, 8, BigInteger.valueOf(-1)))
                .end()),
        Arguments.of(
            "gid 0x0",
            new RawTar().header('0', "f", 0, b -> RawTar.put(b, 116, "0x0\0\0\0\0\0")).end()),
        Arguments.of("pax uid -1", new RawTar().pax("uid=-1").file("f", "").end()),
        Arguments.of("pax uid 0x0", new RawTar().pax("uid=0x0").file("f", "").end()),
        Arguments.of("pax uid 2^32", new RawTar().pax("uid=4294967296").file("f", "").end()),
        Arguments.of(
            "device major 2^40",
            new RawTar()
                .header('3', "n", 0, b -> RawTar.base256(b, 329, 8, BigInteger.ONE.shiftLeft(40)))
                .end()),
        Arguments.of("pax 1 GiB declared", new RawTar().header('x', "pax", 1 << 30).end()),
        Arguments.of(
            "pax over 1 MiB",
            new RawTar().pax("comment=" + "x".repeat(1 << 20)).file("f", "").end()),
        Arguments.of(
            "pax bad length",
            new RawTar().header('x', "p", 11).data("99 path=abc").file("f", "").end()),
        Arguments.of(
            "pax zero length",
            new RawTar().header('x', "p", 11).data("0 path=abc\n").file("f", "").end()),
        Arguments.of(
            "pax negative length",
            new RawTar().header('x', "p", 12).data("-5 path=abc\n").file("f", "").end()),
        Arguments.of(
            "pax short length",
            new RawTar().header('x', "p", 11).data("3 path=abc\n").file("f", "").end()),
        Arguments.of(
            "pax without =",
            new RawTar().header('x', "p", 11).data("11 pathabc\n").file("f", "").end()),
        Arguments.of(
            "pax without newline",
            new RawTar().header('x', "p", 11).data("11 path=abc").file("f", "").end()),
        Arguments.of("pax key twice", new RawTar().pax("path=a", "path=b").file("f", "").end()),
        Arguments.of("pax twice", new RawTar().pax("path=a").pax("path=b").file("f", "").end()),
        Arguments.of("pax dangling", new RawTar().pax("path=a").end()),
        Arguments.of("pax NUL in path", new RawTar().pax("path=a\0b").file("f", "").end()),
        Arguments.of(
            "pax mtime exponent", new RawTar().pax("mtime=1e999999999").file("f", "").end()),
        Arguments.of(
            "pax mtime huge", new RawTar().pax("mtime=" + "9".repeat(1000)).file("f", "").end()),
        Arguments.of("pax size text", new RawTar().pax("size=many").file("f", "").end()),
        Arguments.of("global path", new RawTar().pax('g', "path=evil").file("f", "").end()),
        Arguments.of("global linkpath", new RawTar().pax('g', "linkpath=evil").file("f", "").end()),
        Arguments.of("global size", new RawTar().pax('g', "size=5").file("f", "").end()),
        Arguments.of(
            "global xattr", new RawTar().pax('g', "SCHILY.xattr.user.x=5").file("f", "").end()),
        Arguments.of("xattr without name", new RawTar().pax("SCHILY.xattr.=5").file("f", "").end()),
        Arguments.of(
            "xattr with NUL", new RawTar().pax("SCHILY.xattr.user.a\0b=5").file("f", "").end()),
        Arguments.of(
            "long name twice",
            new RawTar()
                .header('L', "l", 2)
                .data("a\0")
                .header('L', "l", 2)
                .data("b\0")
                .file("f", "")
                .end()),
        Arguments.of("long name 1 GiB", new RawTar().header('L', "l", 1 << 30).end()),
        Arguments.of(
            "long name and pax path",
            new RawTar().header('L', "l", 2).data("a\0").pax("path=b").file("f", "").end()),
        Arguments.of(
            "lone zero block", new RawTar().file("f", "").raw(new byte[512]).file("g", "").end()),
        Arguments.of(
            "sparse 2^63",
            new RawTar()
                .pax(
                    "GNU.sparse.size=9223372036854775808",
                    "GNU.sparse.numblocks=0",
                    "GNU.sparse.map=")
                .file("f", "")
                .end()),
        Arguments.of(
            "sparse negative",
            new RawTar()
                .pax("GNU.sparse.size=10", "GNU.sparse.numblocks=1", "GNU.sparse.map=-1,3")
                .file("f", "abc")
                .end()),
        Arguments.of(
            "sparse overlap",
            new RawTar()
                .pax("GNU.sparse.size=10", "GNU.sparse.numblocks=2", "GNU.sparse.map=0,2,1,1")
                .file("f", "abc")
                .end()),
        Arguments.of(
            "sparse beyond end",
            new RawTar()
                .pax("GNU.sparse.size=10", "GNU.sparse.numblocks=1", "GNU.sparse.map=9,3")
                .file("f", "abc")
                .end()),
        Arguments.of(
            "sparse more data than map",
            new RawTar()
                .pax("GNU.sparse.size=10", "GNU.sparse.numblocks=1", "GNU.sparse.map=0,2")
                .file("f", "abc")
                .end()),
        Arguments.of(
            "sparse odd map",
            new RawTar()
                .pax("GNU.sparse.size=10", "GNU.sparse.numblocks=1", "GNU.sparse.map=0")
                .file("f", "")
                .end()),
        Arguments.of(
            "sparse wrong count",
            new RawTar()
                .pax("GNU.sparse.size=10", "GNU.sparse.numblocks=7", "GNU.sparse.map=0,3")
                .file("f", "abc")
                .end()),
        Arguments.of(
            "sparse 1.0 10^8 regions",
            new RawTar()
                .pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=10")
                .file("f", "100000000\n")
                .end()),
        Arguments.of(
            "sparse 1.0 no newline",
            new RawTar()
                .pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=10")
                .file("f", "1".repeat(512))
                .end()),
        Arguments.of(
            "sparse 9.9",
            new RawTar()
                .pax("GNU.sparse.major=9", "GNU.sparse.minor=9", "GNU.sparse.realsize=10")
                .file("f", "")
                .end()),
        Arguments.of(
            "sparse symlink",
            new RawTar()
                .pax("GNU.sparse.size=0", "GNU.sparse.numblocks=0", "GNU.sparse.map=")
                .link('2', "l", "t")
                .end()),
        Arguments.of("old sparse overlap", oldSparse(20, 0, 5, 3, 5)),
        Arguments.of("old sparse beyond end", oldSparse(4, 0, 5)));
  }

  private static byte[] oldSparse(long real, long... map) {
    long stored = 0;
    for (int i = 1; i < map.length; i += 2) {
      stored += map[i];
    }
    return new RawTar()
        .header(
            'S',
            "s",
            stored,
            b -> {
              RawTar.put(b, 257, "ustar  \0");
              for (int i = 0; i < map.length; i++) {
                RawTar.put(b, 386 + 12 * i, String.format("%011o\0", map[i]));
              }
              RawTar.put(b, 483, String.format("%011o\0", real));
            })
        .data("x".repeat((int) stored))
        .end();
  }

  private static byte[] size(BigInteger size) {
    return new RawTar().header('0', "f", 0, b -> RawTar.base256(b, 124, 12, size)).end();
  }

  private static byte[] flip(byte[] archive, int at) {
    archive[at] ^= 1;
    return archive;
  }

  private static byte[] cut(byte[] archive, int length) {
    return java.util.Arrays.copyOf(archive, length);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void next_malformed_refused(String what, byte[] archive) {
    BadArchiveException refusal =
        assertThrows(BadArchiveException.class, () -> drain(archive), what);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(
        message.length() < 1000 && message.chars().noneMatch(Character::isISOControl), message);
  }

  @Test
  void next_nameless_isTheRoot() throws IOException {
    byte[] tar = new RawTar().header('0', "", 0).end();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    assertArrayEquals(new byte[] {'.'}, reader.next().orElseThrow().name());
  }

  @Test
  void next_manyPaxRecords_boundedAndAccepted() throws IOException {
    String[] records = new String[60_000];
    for (int i = 0; i < records.length; i++) {
      records[i] = "k" + i + "=v";
    }
    assertEquals(1, drain(new RawTar().pax(records).file("f", "x").end()));
  }

  @Test
  void next_noEndMarker_isAnEnd() throws IOException {
    assertEquals(1, drain(new RawTar().file("f", "x").unfinished()));
    assertEquals(1, drain(new RawTar().file("f", "x").raw(new byte[512]).unfinished()));
    assertEquals(0, drain(new byte[0]));
  }

  @Test
  void next_secondArchiveBehindTheEnd_neverRead() throws IOException {
    byte[] second = new RawTar().file("evil", "x").end();
    assertEquals(1, drain(new RawTar().file("f", "x").raw(new byte[1024]).raw(second).end()));
  }

  /** The bytes that one reader takes for a header are content for all who honour the PAX size. */
  @Test
  void next_paxSizeOverHeader_embeddedArchiveIsContent() throws IOException {
    byte[] embedded = new RawTar().file("evil", "x").unfinished();
    byte[] archive =
        new RawTar()
            .pax("size=" + embedded.length)
            .header('0', "outer", 0)
            .raw(embedded)
            .file("last", "")
            .end();
    TarReader reader = reader(archive);
    assertEquals("outer", name(reader.next().orElseThrow()));
    assertArrayEquals(embedded, reader.content().readAllBytes());
    assertEquals("last", name(reader.next().orElseThrow()));
    assertEquals(Optional.empty(), reader.next());
  }

  @Test
  void next_oldFormats_understood() throws IOException {
    byte[] v7 =
        new RawTar()
            .header('\0', "dir/", 0, b -> RawTar.put(b, 257, "\0\0\0\0\0\0\0\0"))
            .header('\0', "dir/file", 1, b -> RawTar.put(b, 257, "\0\0\0\0\0\0\0\0"))
            .data("x")
            .header('7', "contiguous", 1)
            .data("y")
            .end();
    TarReader reader = reader(v7);
    assertEquals(TarType.DIRECTORY, reader.next().orElseThrow().type());
    assertEquals(TarType.REGULAR, reader.next().orElseThrow().type());
    assertEquals(TarType.REGULAR, reader.next().orElseThrow().type());
  }

  @Test
  void next_gnuHeaderWithTimesInPrefix_prefixIsNotAName() throws IOException {
    byte[] gnu =
        new RawTar()
            .header(
                '0',
                "f",
                0,
                b -> {
                  RawTar.put(b, 257, "ustar  \0");
                  RawTar.put(b, 345, "12345670123\0");
                })
            .end();
    assertEquals("f", name(reader(gnu).next().orElseThrow()));
  }

  @Test
  void next_signedChecksum_accepted() throws IOException {
    byte[] archive = new RawTar().header('0', "\u00e4\u00f6", 0).end();
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : archive[i];
    }
    RawTar.put(archive, 148, String.format("%06o\0 ", sum));
    assertEquals(1, drain(archive));
  }

  @Test
  void next_globalHeader_appliesUntilTheNext() throws IOException {
    byte[] archive =
        new RawTar()
            .pax('g', "mtime=7.5", "comment=hello")
            .file("a", "")
            .pax("mtime=9")
            .file("b", "")
            .pax('g', "mtime=8")
            .file("c", "")
            .end();
    TarReader reader = reader(archive);
    assertEquals(new Timestamp(7, 500_000_000), reader.next().orElseThrow().modified());
    assertEquals(Timestamp.ofSeconds(9), reader.next().orElseThrow().modified());
    assertEquals(Timestamp.ofSeconds(8), reader.next().orElseThrow().modified());
  }

  @Test
  void next_negativeFraction_roundsDown() throws IOException {
    TarReader reader = reader(new RawTar().pax("mtime=-1.25").file("a", "").end());
    assertEquals(new Timestamp(-2, 750_000_000), reader.next().orElseThrow().modified());
  }

  @Test
  void next_writtenByCommonsCompress_readBack() throws IOException {
    for (int mode :
        new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
        out.setLongFileMode(mode);
        out.setBigNumberMode(
            mode == TarArchiveOutputStream.LONGFILE_GNU
                ? TarArchiveOutputStream.BIGNUMBER_STAR
                : TarArchiveOutputStream.BIGNUMBER_POSIX);
        for (int i = 1; i < 400; i += 13) {
          TarArchiveEntry entry = new TarArchiveEntry("n".repeat(i));
          entry.setSize(i);
          entry.setUserId(3_000_000_000L);
          entry.setModTime(i * 1000L);
          out.putArchiveEntry(entry);
          out.write(new byte[i]);
          out.closeArchiveEntry();
          TarArchiveEntry link = new TarArchiveEntry("l" + i, (byte) '2');
          link.setLinkName("t".repeat(i));
          out.putArchiveEntry(link);
          out.closeArchiveEntry();
        }
      }
      TarReader reader = reader(bytes.toByteArray());
      for (int i = 1; i < 400; i += 13) {
        TarEntry entry = reader.next().orElseThrow();
        assertEquals("n".repeat(i), name(entry));
        assertEquals(i, entry.size());
        assertEquals(3_000_000_000L, entry.uid());
        assertEquals(Timestamp.ofSeconds(i), entry.modified());
        assertEquals(i, reader.next().orElseThrow().linkTarget().length);
      }
      assertEquals(Optional.empty(), reader.next());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=gnu",
        "--format=posix --sparse-version=0.0",
        "--format=posix --sparse-version=0.1",
        "--format=posix --sparse-version=1.0"
      })
  void read_sparseFileOfGnuTar_sameBytes(String options, @TempDir Path dir) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/tar")), "SKIPPED: GNU tar is not installed");
    Path sparse = dir.resolve("sparse");
    Random random = new Random(3);
    try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
      for (int i = 0; i < 40; i++) {
        byte[] data = new byte[4096 * (1 + random.nextInt(3))];
        random.nextBytes(data);
        file.seek(65536L * i + 4096L * random.nextInt(4));
        file.write(data);
      }
      file.setLength(65536L * 45 + 17);
    }
    Process tar =
        new ProcessBuilder(("/usr/bin/tar -cS " + options + " -C " + dir + " sparse").split(" "))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] archive = tar.getInputStream().readAllBytes();
    assertEquals(0, tar.waitFor());
    assertTrue(archive.length < Files.size(sparse), "the archive is sparse");
    TarReader reader = reader(archive);
    TarEntry entry = reader.next().orElseThrow();
    assertEquals("sparse", name(entry));
    assertEquals(Files.size(sparse), entry.size());
    assertArrayEquals(Files.readAllBytes(sparse), reader.content().readAllBytes());
    assertEquals(Optional.empty(), reader.next());
  }

  /** Whatever the bytes, it is an entry or a refusal, and soon over. */
  @Test
  void next_mutatedArchives_neverFailOtherwise() throws IOException {
    byte[] seed =
        new RawTar()
            .dir("d/")
            .pax("path=d/é", "size=5", "SCHILY.xattr.user.x=y", "mtime=1.5")
            .file("x", "hello")
            .header('L', "l", 200)
            .data("n".repeat(199) + "\0")
            .link('2', "s", "t")
            .pax(
                "GNU.sparse.major=1",
                "GNU.sparse.minor=0",
                "GNU.sparse.realsize=700",
                "GNU.sparse.name=sp")
            .header('0', "sp", 1024)
            .data("2\n0\n256\n400\n256\n")
            .data("x".repeat(512))
            .raw(java.util.Arrays.copyOf(oldSparse(900, 0, 5, 300, 5), 1024))
            .end();
    assertEquals(5, drain(seed));
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] mutant = seed.clone();
      int block = 512 * random.nextInt(seed.length / 512);
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutant[block + random.nextInt(512)] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "0123456789 =,\n-".charAt(random.nextInt(15)));
      }
      resum(mutant, block);
      try {
        drain(random.nextInt(8) == 0 ? cut(mutant, random.nextInt(mutant.length)) : mutant);
      } catch (BadArchiveException expected) {
        // the other allowed outcome
      }
    }
  }

  private static void resum(byte[] archive, int block) {
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : archive[block + i] & 0xff;
    }
    RawTar.put(archive, block + 148, String.format("%06o\0 ", sum));
  }
}
