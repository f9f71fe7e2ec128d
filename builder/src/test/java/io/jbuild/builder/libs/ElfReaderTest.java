package io.jbuild.builder.libs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.Dir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files of two hundred bytes, right and wrong. */
class ElfReaderTest {
  private static final TreePath PATH = TreePath.parse("/elf");

  private static Optional<ElfFile> read(byte[] content) throws IOException {
    try (MemoryTree files = new MemoryTree();
        Dir root = files.root()) {
      try (OutputFile file = root.create(Name.of("elf"), 0755)) {
        file.write(content, 0, content.length);
      }
      try (TreeView tree = TreeView.of(root)) {
        return ElfReader.read(tree, PATH);
      }
    }
  }

  @Test
  void program_tellsWhatTheLoaderReads() throws IOException {
    for (boolean wide : new boolean[] {true, false}) {
      ElfFile elf =
          read(new TinyElf(wide)
                  .interpreter("/lib/ld.so")
                  .needed("liba.so", "libb.so.1")
                  .runpath("$ORIGIN/../lib:/opt")
                  .bytes())
              .orElseThrow();
      assertEquals(new ElfFile.Kind(62, wide ? 64 : 32, true), elf.kind());
      assertEquals("/lib/ld.so", elf.interpreter().orElseThrow());
      assertEquals(List.of("liba.so", "libb.so.1"), elf.needed());
      assertEquals(List.of("$ORIGIN/../lib", "/opt"), elf.runpath());
      assertTrue(elf.defaultDirs());
    }
  }

  @Test
  void rpath_isNothingBesideARunpath() throws IOException {
    assertEquals(List.of("/r"), read(new TinyElf(true).rpath("/r").bytes()).orElseThrow().rpath());
    assertEquals(
        List.of(), read(new TinyElf(true).rpath("/r").runpath("/s").bytes()).orElseThrow().rpath());
  }

  @Test
  void otherFiles_areNotElf() throws IOException {
    assertTrue(read(new byte[0]).isEmpty());
    assertTrue(read("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)).isEmpty());
    assertTrue(read(new byte[] {0x7f, 'E', 'L', 'F'}).isEmpty());
  }

  @Test
  void truncated_isAnErrorOrAnEarlierEnd_neverABug() throws IOException {
    byte[] whole = new TinyElf(true).interpreter("/lib/ld.so").needed("liba.so").bytes();
    for (int length = 16; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      BadElfException e = assertThrows(BadElfException.class, () -> read(cut), "cut " + length);
      assertTrue(String.valueOf(e.getMessage()).startsWith("damaged ELF file \"/elf\": "));
    }
  }

  @Test
  void hugeCounts_areRefusedBeforeTheyAreAllocated() throws IOException {
    byte[] many = new TinyElf(true).needed("a").bytes();
    ByteBuffer.wrap(many).order(java.nio.ByteOrder.LITTLE_ENDIAN).putShort(56, (short) 0xffff);
    assertThrows(BadElfException.class, () -> read(many));
    byte[] dynamic = new TinyElf(true).needed("a").bytes();
    ByteBuffer.wrap(dynamic)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putLong(64 + 32, Long.MAX_VALUE);
    assertThrows(BadElfException.class, () -> read(dynamic));
  }

  @Test
  void anyBytes_endInAnAnswerOrAnError() throws IOException {
    Random random = new Random(7);
    byte[] good =
        new TinyElf(true).interpreter("/lib/ld.so").needed("liba.so").runpath("/x").bytes();
    for (int i = 0; i < 3000; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        bad[16 + random.nextInt(bad.length - 16)] = (byte) random.nextInt(256);
      }
      try {
        read(bad);
      } catch (BadElfException e) {
        assertTrue(String.valueOf(e.getMessage()).length() < 200, e.getMessage());
      }
    }
  }
}
