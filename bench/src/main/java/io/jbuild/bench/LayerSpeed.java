package io.jbuild.bench;

import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Attributes;
import io.jbuild.layers.Compression;
import io.jbuild.layers.LayerApplier;
import io.jbuild.layers.LayerBlobs;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerScanner;
import io.jbuild.layers.LayerStore;
import io.jbuild.layers.LayerWriter;
import io.jbuild.layers.LowerView;
import io.jbuild.layers.StoredLayer;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.store.ContentStore;
import io.jbuild.oci.store.StoreRoot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Prints how fast layers are written, scanned, committed, compressed and applied. Argument: an
 * empty directory, best on a file system made for this run, since deletes slow ext4 down for
 * minutes.
 */
public final class LayerSpeed {
  private static final int FILES = 20_000;

  private LayerSpeed() {}

  public static void main(String[] args) throws Exception {
    Path base = Path.of(args[0]);
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(cores);
    try {
      StoreRoot root = StoreRoot.open(base.resolve("store"));
      LayerStore layers = new LayerStore(root);
      ContentStore blobs = new ContentStore(root);
      LayerBlobs layerBlobs = new LayerBlobs(root, layers, blobs, pool, cores, System.err::println);
      Path source = sources(base.resolve("source"));
      StoredLayer layer = write(layers, source);
      double megabytes = layer.tarSize() / 1e6;
      for (int i = 0; i < 2; i++) {
        long start = System.nanoTime();
        try (KernelDir dir = KernelDir.open(layer.fs())) {
          new LayerScanner(LowerView.NOTHING, Optional.empty(), System.err::println).scan(dir);
        }
        report("scan and hash", start, megabytes);
      }
      for (Compression compression : Compression.values()) {
        long start = System.nanoTime();
        Descriptor blob = layerBlobs.get(layer.diffId(), compression, compression.usualLevel());
        report("blob " + compression + " " + blob.size() / 1_000_000 + " MB", start, megabytes);
        apply(layers, blobs, blob, layer, megabytes);
      }
    } finally {
      pool.shutdown();
    }
  }

  /** Text that compresses about four times, in folders of eight. */
  private static Path sources(Path source) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < FILES; i++) {
      Path folder = Files.createDirectories(source.resolve(String.format("package-%05d", i / 8)));
      StringBuilder text = new StringBuilder();
      int size = 1000 + random.nextInt(18_000);
      while (text.length() < size) {
        text.append(Integer.toString(random.nextInt(5000), 36)).append(" = function(");
      }
      Files.writeString(folder.resolve("file" + i % 8), text, StandardCharsets.US_ASCII);
    }
    return source;
  }

  private static StoredLayer write(LayerStore layers, Path source) throws IOException {
    try (LayerIngest ingest = layers.begin();
        KernelDir from = KernelDir.open(source);
        KernelDir to = KernelDir.open(ingest.fs());
        LayerWriter writer = new LayerWriter(to)) {
      long start = System.nanoTime();
      Attributes attributes = new Attributes(0644, 0, 0, Timestamp.ofSeconds(1), new TreeMap<>());
      for (Name folder : from.list()) {
        TreePath path = TreePath.ROOT.resolve(folder);
        writer.directory(path, Attributes.DIRECTORY);
        try (var dir = from.open(folder)) {
          for (Name name : dir.list()) {
            try (InputFile file = dir.read(name)) {
              writer.file(path.resolve(name), attributes, file);
            }
          }
        }
      }
      var summary = writer.finish();
      report("write (read, hash, frame, create)", start, summary.tarSize() / 1e6);
      start = System.nanoTime();
      StoredLayer stored = ingest.commit(summary);
      report("commit (syncfs, rename)", start, summary.tarSize() / 1e6);
      return stored;
    }
  }

  private static void apply(
      LayerStore layers, ContentStore blobs, Descriptor blob, StoredLayer layer, double megabytes)
      throws IOException {
    try (LayerIngest ingest = layers.begin();
        KernelDir dir = KernelDir.open(ingest.fs());
        InputStream in = blobs.open(blob)) {
      long start = System.nanoTime();
      new LayerApplier(ApplyLimits.DEFAULT, System.err::println).apply(in, dir, layer.diffId());
      report("  apply it", start, megabytes);
    }
  }

  private static void report(String what, long start, double megabytes) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%-40s %6.2f s %8.0f MB/s%n", what, seconds, megabytes / seconds);
  }
}
