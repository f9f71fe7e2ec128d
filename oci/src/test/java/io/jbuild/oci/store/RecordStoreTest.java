package io.jbuild.oci.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RecordStoreTest {
  private static final Digest KEY = Digest.sha256("key".getBytes(UTF_8));
  private static final Digest OTHER = Digest.sha256("other".getBytes(UTF_8));
  private static final byte[] RECORD = "a record".getBytes(UTF_8);

  private final Path directory;
  private final List<String> warnings = new ArrayList<>();
  private final RecordStore store;

  RecordStoreTest() throws IOException {
    directory = Jimfs.newFileSystem(Configuration.unix()).getPath("/cache");
    Files.createDirectory(directory);
    store = new RecordStore(directory, AtomicFiles.Durability.SYNCED, warnings::add);
  }

  private Path file(Digest key) {
    return directory.resolve("sha256").resolve(key.hex());
  }

  @ParameterizedTest
  @EnumSource(AtomicFiles.Durability.class)
  void put_thenGet_givesTheLastRecord(AtomicFiles.Durability durability) throws Exception {
    RecordStore other = new RecordStore(directory, durability, warnings::add);
    assertEquals(Optional.empty(), other.get(KEY));

    other.put(KEY, new byte[0]);
    other.put(KEY, RECORD);
    other.put(OTHER, new byte[0]);

    assertArrayEquals(RECORD, other.get(KEY).orElseThrow());
    assertArrayEquals(new byte[0], other.get(OTHER).orElseThrow());
    assertEquals(2, other.keys().size());
    assertTrue(other.remove(OTHER));
    assertFalse(other.remove(OTHER));
    assertEquals(List.of(KEY), other.keys());
    assertEquals(List.of(), warnings);
  }

  /** Each bit flipped, each length cut, a page of zeros, one byte more. */
  @Test
  void get_corruptRecord_isDroppedWithAWarning() throws Exception {
    store.put(KEY, RECORD);
    byte[] good = Files.readAllBytes(file(KEY));
    List<byte[]> bad = new ArrayList<>();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      bad.add(flipped);
    }
    for (int length = 0; length < good.length; length++) {
      bad.add(Arrays.copyOf(good, length));
    }
    bad.add(Arrays.copyOf(good, good.length + 1));
    bad.add(new byte[4096]);

    for (byte[] frame : bad) {
      warnings.clear();
      Files.write(file(KEY), frame);
      assertThrows(RecordCorruptException.class, () -> store.read(KEY));
      assertEquals(Optional.empty(), store.get(KEY));
      assertEquals(1, warnings.size());
      assertTrue(warnings.get(0).contains(file(KEY).toString()), warnings.get(0));
      assertFalse(Files.exists(file(KEY)));
    }
    store.put(KEY, RECORD);
    assertArrayEquals(RECORD, store.get(KEY).orElseThrow());
  }

  @Test
  void get_recordUnderAnothersName_isCorrupt() throws Exception {
    store.put(KEY, RECORD);
    Files.copy(file(KEY), file(OTHER));

    assertThrows(RecordCorruptException.class, () -> store.read(OTHER));
  }

  @Test
  void put_whenTheStoreIsGone_doesNotMakeItAgain() throws Exception {
    Files.delete(directory);

    assertThrows(NoSuchFileException.class, () -> store.put(KEY, RECORD));
    assertFalse(Files.exists(directory));
  }

  @Test
  void sweep_takesTemporaryFiles_keepsRecords() throws Exception {
    store.put(KEY, RECORD);
    Files.write(directory.resolve("sha256/.tmp-1"), RECORD);

    assertEquals(1, store.sweep());
    assertEquals(List.of(KEY), store.keys());
  }
}
