package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.jbuild.layers.tar.RawTar;
import io.jbuild.linux.KernelDir;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.store.ContentStore;
import io.jbuild.oci.store.StoreRoot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerBlobsTest {
  @TempDir Path temp;

  private LayerStore layers;
  private ContentStore blobs;
  private LayerBlobs layerBlobs;

  @BeforeEach
  void openStore() throws IOException {
    LayerRoundTripTest.requireRoot();
    StoreRoot root = StoreRoot.open(temp.resolve("store"));
    layers = new LayerStore(root);
    blobs = new ContentStore(root);
    layerBlobs = new LayerBlobs(root, layers, blobs, Runnable::run, 1, line -> {});
  }

  private StoredLayer built(long seed) throws IOException {
    try (LayerIngest ingest = layers.begin();
        KernelDir dir = KernelDir.open(ingest.fs())) {
      return ingest.commit(Trees.random(dir, seed, 5));
    }
  }

  private StoredLayer pulled(byte[] blob) throws IOException {
    try (LayerIngest ingest = layers.begin();
        KernelDir dir = KernelDir.open(ingest.fs())) {
      return ingest.commit(
          new LayerApplier(ApplyLimits.DEFAULT, line -> {})
              .apply(new ByteArrayInputStream(blob), dir));
    }
  }

  private LayerSummary unpack(Descriptor blob, StoredLayer expected) throws IOException {
    try (LayerIngest ingest = layers.begin();
        KernelDir dir = KernelDir.open(ingest.fs());
        var in = blobs.open(blob)) {
      return new LayerApplier(ApplyLimits.DEFAULT, line -> {}).apply(in, dir, expected.diffId());
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void get_builtLayer_blobOfItsTarAndRemembered(Compression compression) throws IOException {
    StoredLayer layer = built(1);
    assertEquals(Optional.empty(), layerBlobs.find(layer.diffId(), compression));
    Descriptor blob = layerBlobs.get(layer.diffId(), compression, compression.usualLevel());
    assertEquals(compression.mediaType(), blob.mediaType());
    assertEquals(layer.entries(), unpack(blob, layer).entries());
    assertEquals(Optional.of(blob), layerBlobs.find(layer.diffId(), compression));
    Object before = Files.getLastModifiedTime(blobs.path(blob.digest()));
    assertEquals(blob, layerBlobs.get(layer.diffId(), compression, compression.usualLevel()));
    assertEquals(before, Files.getLastModifiedTime(blobs.path(blob.digest())));
    assertTrue(blobs.remove(blob.digest()));
    assertEquals(Optional.empty(), layerBlobs.find(layer.diffId(), compression));
    assertEquals(blob, layerBlobs.get(layer.diffId(), compression, compression.usualLevel()));
  }

  @Test
  void get_levelThatDoesNotExist_refused() throws IOException {
    StoredLayer layer = built(2);
    assertThrows(
        IllegalArgumentException.class, () -> layerBlobs.get(layer.diffId(), Compression.GZIP, 10));
  }

  @Test
  void get_pulledLayer_itsOwnBlobAndItsOwnTar() throws IOException {
    byte[] tar = new RawTar().file("z", "not in our order").file("a", "").end();
    byte[] zstd = Zstd.compress(tar, 7);
    StoredLayer layer = pulled(zstd);
    assertEquals(Digest.sha256(tar), layer.diffId().digest());
    IOException lost =
        assertThrows(IOException.class, () -> layerBlobs.get(layer.diffId(), Compression.GZIP, 4));
    assertTrue(String.valueOf(lost.getMessage()).contains("pull it again"), lost.getMessage());
    Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_ZSTD, blobs.put(zstd), zstd.length);
    layerBlobs.remember(layer.diffId(), blob);
    assertEquals(blob, layerBlobs.get(layer.diffId(), Compression.ZSTD, 19));
    assertEquals(
        layer.entries(),
        unpack(layerBlobs.get(layer.diffId(), Compression.GZIP, 1), layer).entries());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    layerBlobs.writeTar(layer.diffId(), out);
    assertArrayEquals(tar, out.toByteArray());
  }

  @Test
  void writeTar_pulledLayerThatAJbuildMade_fromItsDirectory() throws IOException {
    StoredLayer layer = built(3);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    layerBlobs.writeTar(layer.diffId(), tar);
    layers.remove(layer.diffId());
    assertEquals(LayerSummary.Form.FOREIGN, pulled(tar.toByteArray()).summary().form());
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    layerBlobs.writeTar(layer.diffId(), again);
    assertArrayEquals(tar.toByteArray(), again.toByteArray());
  }

  @Test
  void get_directoryChangedBehindOurBack_neverABlob() throws IOException {
    StoredLayer layer = built(4);
    Files.writeString(layer.fs().resolve("added"), "x");
    IOException damaged =
        assertThrows(IOException.class, () -> layerBlobs.get(layer.diffId(), Compression.ZSTD, 3));
    assertTrue(String.valueOf(damaged.getMessage()).contains("damaged"), damaged.getMessage());
    assertEquals(Optional.empty(), layerBlobs.find(layer.diffId(), Compression.ZSTD));
  }

  @Test
  void get_manyThreadsFewWorkers_sameBlob() throws Exception {
    StoredLayer layer = built(5);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      LayerBlobs busy =
          new LayerBlobs(StoreRoot.open(temp.resolve("store")), layers, blobs, pool, 2, line -> {});
      // The callers occupy the very threads that compress.
      Future<Descriptor> one = pool.submit(() -> busy.get(layer.diffId(), Compression.GZIP, 1));
      Future<Descriptor> two = pool.submit(() -> busy.get(layer.diffId(), Compression.GZIP, 1));
      Future<Descriptor> other = pool.submit(() -> busy.get(layer.diffId(), Compression.ZSTD, 1));
      assertEquals(one.get(), two.get());
      assertEquals(MediaTypes.OCI_LAYER_ZSTD, other.get().mediaType());
    } finally {
      pool.shutdownNow();
    }
  }
}
