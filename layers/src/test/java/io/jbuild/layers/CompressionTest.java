package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.layers.tar.RawTar;
import io.jbuild.layers.tar.TarLimits;
import io.jbuild.linux.Dir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  private static byte[] sample(int size) {
    Random random = new Random(size);
    byte[] sample = new byte[size];
    random.nextBytes(sample);
    for (int i = 0; i < size; i++) {
      sample[i] = i % 3000 < 1500 ? (byte) ('a' + i % 7) : sample[i];
    }
    return sample;
  }

  private static byte[] compress(
      BlockCoder coder, Executor executor, int ahead, byte[] content, int chunk)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BlockCompressor compressor = new BlockCompressor(coder, executor, ahead, out)) {
      for (int at = 0; at < content.length; at += chunk) {
        compressor.write(content, at, Math.min(chunk, content.length - at));
      }
      compressor.finish();
    }
    return out.toByteArray();
  }

  private static byte[] plain(byte[] compressed) throws IOException {
    try (InputStream in =
        Decompression.ofLayer(new ByteArrayInputStream(compressed), ApplyLimits.DEFAULT)) {
      return in.readAllBytes();
    }
  }

  @Test
  void compress_anyThreadsAndChunks_sameBytes() throws Exception {
    byte[] content = sample(9_000_001);
    for (BlockCoder coder : new BlockCoder[] {new GzipCoder(1), new ZstdCoder(1)}) {
      byte[] expected = compress(coder, Runnable::run, 1, content, content.length);
      assertArrayEquals(content, plain(expected));
      for (int threads = 1; threads <= 4; threads++) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
          assertArrayEquals(
              expected, compress(coder, pool, threads + 1, content, 77_777 * threads));
        } finally {
          pool.shutdownNow();
        }
      }
      // An executor that never runs anything only leaves the work to the writer.
      assertArrayEquals(expected, compress(coder, task -> {}, 3, content, 1 << 20));
    }
  }

  @Test
  void compress_empty_stillAValidStream() throws IOException {
    assertArrayEquals(
        new byte[0], plain(compress(new GzipCoder(6), Runnable::run, 2, new byte[0], 1)));
    assertArrayEquals(
        new byte[0], plain(compress(new ZstdCoder(3), Runnable::run, 2, new byte[0], 1)));
  }

  @Test
  void compress_zstd_bytesArePinned() throws IOException {
    byte[] compressed = compress(new ZstdCoder(3), Runnable::run, 1, sample(5_000_000), 1 << 20);
    assertEquals(
        "2361e45031c0a0048a09307f0e93df6cdb105b3434d606f568bfff5bc606fa92",
        Digest.sha256(compressed).hex());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void compress_otherProgram_readsIt(String program) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", program)),
        "SKIPPED: " + program + " is not installed");
    byte[] content = sample(5_000_000);
    BlockCoder coder = program.equals("gzip") ? new GzipCoder(4) : new ZstdCoder(3);
    Path file = Files.createTempFile("jbuild", ".z");
    try {
      Files.write(file, compress(coder, Runnable::run, 1, content, 1 << 20));
      Process process =
          new ProcessBuilder("/usr/bin/" + program, "-dc").redirectInput(file.toFile()).start();
      assertArrayEquals(content, process.getInputStream().readAllBytes());
      assertEquals(0, process.waitFor());
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void gunzip_members_joined() throws IOException {
    byte[] two = join(gzip(new byte[] {1, 2}), gzip(new byte[] {3}));
    assertArrayEquals(new byte[] {1, 2, 3}, plain(two));
  }

  @Test
  void gunzip_damaged_refused() throws IOException {
    byte[] good = gzip(sample(100_000));
    byte[] crc = good.clone();
    crc[good.length - 8] ^= 1;
    byte[] size = good.clone();
    size[good.length - 4] ^= 1;
    byte[] flags = good.clone();
    flags[3] = (byte) 0x80;
    byte[] middle = good.clone();
    middle[good.length / 2] ^= 0x55;
    byte[][] damaged = {
      crc,
      size,
      flags,
      middle,
      join(good, new byte[] {0}),
      join(good, "trailing".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
      Arrays.copyOf(good, good.length - 1),
      Arrays.copyOf(good, good.length / 2),
      Arrays.copyOf(good, 12)
    };
    for (int i = 0; i < damaged.length; i++) {
      byte[] each = damaged[i];
      assertThrows(BadArchiveException.class, () -> plain(each), "case " + i);
    }
  }

  @Test
  void gunzip_membersOfOurs_mixedWithOthers() throws IOException {
    byte[] content = sample(3_000_000);
    byte[] ours = compress(new GzipCoder(1), Runnable::run, 1, content, 1 << 20);
    byte[] mixed = join(join(ours, gzip(new byte[] {1, 2})), ours);
    byte[] plain = plain(mixed);
    assertEquals(2 * content.length + 2, plain.length);
    assertArrayEquals(content, Arrays.copyOfRange(plain, content.length + 2, plain.length));
    assertThrows(BadArchiveException.class, () -> plain(join(ours, new byte[] {0})));
  }

  @Test
  void gunzip_membersOfOursDamaged_refused() throws IOException {
    byte[] content = sample(1_500_000);
    byte[] good = compress(new GzipCoder(1), Runnable::run, 1, content, 1 << 20);
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      byte[] bad = good.clone();
      int at = round < 20 ? 10 + round : random.nextInt(good.length);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      try {
        assertArrayEquals(content, plain(bad), "byte " + at);
      } catch (BadArchiveException expected) {
        // Damage that leaves the content right, as in the header's time, is the only other outcome.
      }
      int left = 1 + random.nextInt(good.length - 1);
      assertThrows(BadArchiveException.class, () -> plain(Arrays.copyOf(good, left)));
    }
  }

  @Test
  void unzstd_damaged_refused() {
    byte[] good = Zstd.compress(sample(100_000), 3);
    byte[] middle = good.clone();
    middle[good.length / 2] ^= 0x55;
    assertThrows(BadArchiveException.class, () -> plain(Arrays.copyOf(good, good.length - 3)));
    assertThrows(
        BadArchiveException.class,
        () -> plain(join(good, "trailing!".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    // A window of 2 GiB is asked for in the frame's header: exponent 21, which is a window log of
    // 31.
    byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (21 << 3), 1, 0, 0};
    assertThrows(BadArchiveException.class, () -> plain(window));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BZh91AY&SY", "\u00fd7zXZ\0\0"})
  void apply_compressionNotForLayers_refused(String magic) {
    byte[] head = magic.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThrows(BadArchiveException.class, () -> plain(Arrays.copyOf(head, 600)));
  }

  @Test
  void apply_gzipInGzip_refused() throws IOException {
    byte[] twice = gzip(gzip(new RawTar().file("f", "x").end()));
    try (MemoryTree tree = new MemoryTree();
        Dir root = tree.root()) {
      assertThrows(
          BadArchiveException.class,
          () ->
              new LayerApplier(ApplyLimits.DEFAULT, line -> {})
                  .apply(new ByteArrayInputStream(twice), root));
    }
  }

  @Test
  void limits_bomb_stopsWhileItGoesOff() throws IOException {
    byte[] zeros = new byte[1 << 20];
    byte[] frame = Zstd.compress(zeros, 3);
    byte[] bomb = new byte[0];
    for (int i = 0; i < 20; i++) {
      bomb = join(bomb, frame);
    }
    byte[] all = bomb;
    ApplyLimits limits = new ApplyLimits(10, 10 << 20, 500, TarLimits.DEFAULT);
    assertThrows(
        BadArchiveException.class,
        () -> {
          try (InputStream in = Decompression.ofLayer(new ByteArrayInputStream(all), limits)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
          }
        });
  }

  @Test
  void limits_ratioBeyondAGigabyte_stops() {
    byte[] frame = Zstd.compress(new byte[8 << 20], 3);
    // 3 GiB of zeros, if anyone let it.
    InputStream endless =
        new java.io.SequenceInputStream(
            Collections.enumeration(
                IntStream.range(0, 384).mapToObj(i -> new ByteArrayInputStream(frame)).toList()));
    BadArchiveException refusal =
        assertThrows(
            BadArchiveException.class,
            () -> {
              try (InputStream in = Decompression.ofLayer(endless, ApplyLimits.DEFAULT)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
              }
            });
    assertTrue(String.valueOf(refusal.getMessage()).contains("limit is 500"), refusal.getMessage());
  }
}
