package io.jbuild.layers.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Timestamp;
import io.jbuild.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class TarWriterTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] archive(TarEntry... entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    for (TarEntry entry : entries) {
      writer.begin(entry);
      writer.write(new byte[(int) entry.size()], 0, (int) entry.size());
    }
    writer.finish();
    assertEquals(out.size(), writer.written());
    return out.toByteArray();
  }

  private static TarEntry file(String name) {
    return TarEntry.of(TarType.REGULAR, bytes(name)).permissions(0644).build();
  }

  @Test
  void finish_noEntries_twoZeroBlocks() throws IOException {
    byte[] empty = archive();
    assertArrayEquals(new byte[1024], empty);
    // The diffID of the empty layer, as all builders know it.
    assertEquals(
        "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        Digest.sha256(empty).toString());
  }

  @Test
  void begin_everyKind_bytesAreThoseOfThisForm() throws IOException {
    TreeMap<String, byte[]> xattrs =
        new TreeMap<>(Map.of("user.b", bytes("2"), "user.a", new byte[] {0, (byte) 0xff}));
    byte[] archive =
        archive(
            TarEntry.of(TarType.DIRECTORY, bytes("d"))
                .permissions(01777)
                .owner(1, 2)
                .modified(new Timestamp(1_700_000_000, 999))
                .build(),
            TarEntry.of(TarType.REGULAR, bytes("d/f"))
                .permissions(04755)
                .owner(3_000_000, 4)
                .size(700)
                .xattrs(xattrs)
                .build(),
            TarEntry.of(TarType.HARD_LINK, bytes("d/g")).linkTarget(bytes("d/f")).build(),
            TarEntry.of(TarType.SYMLINK, bytes("d/" + "l".repeat(120)))
                .linkTarget(bytes("t".repeat(101)))
                .build(),
            TarEntry.of(TarType.CHARACTER_DEVICE, bytes("d/null"))
                .device(new DeviceNumber(1, 3))
                .build(),
            TarEntry.of(TarType.FIFO, bytes("d/p")).modified(new Timestamp(-5, 0)).build());
    assertEquals(
        "400ae737712af4697549af054265f5b8f17cc8b2afd284a56a13b9387490cf95",
        Digest.sha256(archive).hex());
  }

  @Test
  void begin_namesAroundTheFields_readBack() throws IOException {
    List<String> names = new ArrayList<>();
    for (int dir : new int[] {1, 54, 99, 100, 101, 154, 155, 156, 200}) {
      for (int file : new int[] {1, 98, 99, 100, 101, 155}) {
        names.add("d".repeat(dir) + "/" + "f".repeat(file));
        names.add("a/b/" + "d".repeat(dir) + "/" + "ü".repeat(file / 2 + 1));
      }
    }
    names.add("x".repeat(100));
    names.add("x".repeat(101));
    for (TarType type : new TarType[] {TarType.REGULAR, TarType.DIRECTORY}) {
      TarEntry[] entries =
          names.stream()
              .map(name -> TarEntry.of(type, bytes(name)).build())
              .toArray(TarEntry[]::new);
      byte[] archive = archive(entries);
      TarReader reader = new TarReader(new ByteArrayInputStream(archive));
      TarArchiveInputStream oracle =
          new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8");
      for (String name : names) {
        String expected = type == TarType.DIRECTORY ? name + "/" : name;
        assertEquals(
            expected, new String(reader.next().orElseThrow().name(), StandardCharsets.UTF_8));
        assertEquals(expected, oracle.getNextEntry().getName());
      }
    }
  }

  @Test
  void begin_randomEntries_readBackByBothReaders() throws IOException {
    Random random = new Random(7);
    List<TarEntry> entries = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      entries.add(random(random, i));
    }
    byte[] archive = archive(entries.toArray(TarEntry[]::new));
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    TarArchiveInputStream oracle =
        new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8");
    for (TarEntry expected : entries) {
      assertSame(expected, reader.next().orElseThrow());
      assertSame(expected, oracle.getNextEntry());
    }
    assertEquals(Optional.empty(), reader.next());
  }

  private static TarEntry random(Random random, int i) {
    List<TarType> types = List.of(TarType.values());
    TarType type = types.get(random.nextInt(types.size()));
    String name = i + "/" + "n".repeat(random.nextInt(300)) + "x";
    TarEntry.Builder entry =
        TarEntry.of(type, bytes(type == TarType.DIRECTORY ? name + "/" : name))
            .permissions(random.nextInt(010000))
            .owner(random.nextLong(TarEntry.MAX_ID + 1), random.nextInt(1 << 22))
            .modified(Timestamp.ofSeconds(random.nextLong(-1L << 40, 1L << 40)));
    if (type.isLink()) {
      entry.linkTarget(bytes("t".repeat(1 + random.nextInt(200))));
    }
    if (type.isDevice()) {
      entry.device(new DeviceNumber(random.nextInt(1 << 12), random.nextInt(1 << 20)));
    }
    if (type == TarType.REGULAR) {
      entry.size(random.nextInt(1500));
    }
    if (random.nextBoolean()) {
      entry.xattrs(
          new TreeMap<>(
              Map.of("user.k" + "k".repeat(random.nextInt(100)), new byte[random.nextInt(3000)])));
    }
    return entry.build();
  }

  private static void assertSame(TarEntry expected, TarEntry found) {
    assertEquals(expected.type(), found.type());
    assertArrayEquals(expected.name(), found.name());
    assertArrayEquals(expected.linkTarget(), found.linkTarget());
    assertEquals(expected.permissions(), found.permissions());
    assertEquals(expected.uid(), found.uid());
    assertEquals(expected.gid(), found.gid());
    assertEquals(expected.size(), found.size());
    assertEquals(expected.modified(), found.modified());
    assertEquals(expected.device(), found.device());
    assertEquals(expected.xattrs().keySet(), found.xattrs().keySet());
    expected.xattrs().forEach((key, value) -> assertArrayEquals(value, found.xattrs().get(key)));
  }

  private static void assertSame(TarEntry expected, TarArchiveEntry found) {
    assertEquals(new String(expected.name(), StandardCharsets.UTF_8), found.getName());
    assertEquals(expected.permissions(), found.getMode());
    assertEquals(expected.uid(), found.getLongUserId());
    assertEquals(expected.gid(), found.getLongGroupId());
    assertEquals(expected.size(), found.getSize());
    assertEquals(
        expected.modified().seconds(), found.getLastModifiedTime().toInstant().getEpochSecond());
    assertEquals(new String(expected.linkTarget(), StandardCharsets.UTF_8), found.getLinkName());
    if (expected.type().isDevice()) {
      assertEquals(expected.device().major(), found.getDevMajor());
      assertEquals(expected.device().minor(), found.getDevMinor());
    }
  }

  @Test
  void begin_sizeOverEightGigabytes_inPax() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TarWriter(out).begin(TarEntry.of(TarType.REGULAR, bytes("big")).size(1L << 33).build());
    TarEntry read = new TarReader(new ByteArrayInputStream(out.toByteArray())).next().orElseThrow();
    assertEquals(1L << 33, read.size());
    assertEquals(1536, out.size());
  }

  @Test
  void begin_nameNotUtf8_keptAsItIs() throws IOException {
    byte[] name = {'a', '/', (byte) 0xff, (byte) 0xfe, '\n', 0x1b};
    byte[] longer = new byte[300];
    java.util.Arrays.fill(longer, (byte) 0x80);
    TarReader reader =
        new TarReader(
            new ByteArrayInputStream(
                archive(
                    TarEntry.of(TarType.REGULAR, name).build(),
                    TarEntry.of(TarType.REGULAR, longer).build())));
    assertArrayEquals(name, reader.next().orElseThrow().name());
    assertArrayEquals(longer, reader.next().orElseThrow().name());
  }

  @Test
  void begin_xattrNameWithEquals_refused() {
    TarEntry entry =
        TarEntry.of(TarType.REGULAR, bytes("f"))
            .xattrs(new TreeMap<>(Map.of("user.a=b", bytes(""))))
            .build();
    assertThrows(BadArchiveException.class, () -> archive(entry));
  }

  @Test
  void begin_contentMissing_isOurBug() throws IOException {
    TarWriter writer = new TarWriter(new ByteArrayOutputStream());
    writer.begin(TarEntry.of(TarType.REGULAR, bytes("f")).size(3).build());
    assertThrows(IllegalStateException.class, writer::finish);
    assertThrows(IllegalStateException.class, () -> writer.write(new byte[4], 0, 4));
    assertThrows(IllegalStateException.class, () -> writer.begin(file("g")));
  }

  @Test
  void entry_numbersOutOfRange_isOurBug() {
    TarEntry.Builder entry = TarEntry.of(TarType.REGULAR, bytes("f"));
    assertThrows(IllegalArgumentException.class, () -> entry.owner(1L << 32, 0).build());
    assertThrows(
        IllegalArgumentException.class, () -> entry.owner(0, 0).permissions(010000).build());
    assertThrows(
        IllegalArgumentException.class, () -> TarEntry.of(TarType.SYMLINK, bytes("l")).build());
    assertThrows(
        IllegalArgumentException.class,
        () -> TarEntry.of(TarType.DIRECTORY, bytes("d")).size(1).build());
  }
}
