package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoleCopyTest {
  private static final Name FROM = Name.of("from");
  private static final Name TO = Name.of("to");
  private static final int MIB = 1 << 20;

  @TempDir Path temp;

  /** A file of a length with a byte at each of these places. */
  private void make(long length, long... places) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            temp.resolve("from"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long place : places) {
        assertEquals(1, file.write(ByteBuffer.wrap(new byte[] {7}), place));
      }
    }
    try (java.io.RandomAccessFile file =
        new java.io.RandomAccessFile(temp.resolve("from").toFile(), "rw")) {
      file.setLength(length);
    }
  }

  private void copy() throws IOException {
    try (KernelDir dir = KernelDir.open(temp);
        InputFile from = dir.read(FROM);
        OutputFile to = dir.create(TO, 0600)) {
      to.copyFrom(from);
    }
    assertArrayEquals(
        Files.readAllBytes(temp.resolve("from")), Files.readAllBytes(temp.resolve("to")));
  }

  /** Of 512 bytes each. */
  private long blocks(String name) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", temp.resolve(name).toString()).start();
    return Long.parseLong(
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
  }

  @Test
  void copy_holesBetweenAndAtBothEnds_stayHoles() throws IOException {
    make(8 * MIB, 2 * MIB, 5 * MIB + 3);
    copy();
    assertTrue(blocks("to") <= blocks("from"), blocks("to") + " blocks");
  }

  @Test
  void copy_onlyAHole_length() throws IOException {
    make(MIB + 1);
    copy();
    assertEquals(MIB + 1, Files.size(temp.resolve("to")));
  }

  @Test
  void copy_empty_empty() throws IOException {
    make(0);
    copy();
  }
}
