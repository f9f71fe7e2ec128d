package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.store.StoreRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {
  @TempDir Path temp;

  private StoreRoot root;
  private LayerStore store;

  @BeforeEach
  void openStore() throws IOException {
    LayerRoundTripTest.requireRoot();
    root = StoreRoot.open(temp.resolve("store"));
    store = new LayerStore(root);
  }

  static LayerSummary fill(LayerIngest ingest, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    try (KernelDir dir = KernelDir.open(ingest.fs());
        LayerWriter writer = new LayerWriter(dir)) {
      writer.file(
          TreePath.parse("/f"),
          new Attributes(0644, 0, 0, Timestamp.EPOCH, new TreeMap<>()),
          bytes.length,
          new ByteArrayInputStream(bytes));
      return writer.finish();
    }
  }

  private StoredLayer commit(String content) throws IOException {
    try (LayerIngest ingest = store.begin()) {
      return ingest.commit(fill(ingest, content));
    }
  }

  private int count(Path directory) throws IOException {
    try (var names = Files.list(directory)) {
      return (int) names.count();
    }
  }

  @Test
  void commit_new_foundByEveryStore() throws IOException {
    StoredLayer made = commit("hello");
    assertEquals(Optional.of(made), new LayerStore(root).find(made.diffId()));
    assertEquals("hello", Files.readString(made.fs().resolve("f")));
    assertEquals(List.of(made.diffId()), store.list());
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(root.path())));
    assertEquals(
        "rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(made.fs())));
    assertEquals(0, count(root.ingest()));
  }

  @Test
  void commit_sameAgain_keepsTheFirst() throws IOException {
    StoredLayer first = commit("hello");
    Object key =
        Files.readAttributes(first.fs(), java.nio.file.attribute.BasicFileAttributes.class)
            .fileKey();
    assertEquals(first, commit("hello"));
    assertEquals(
        key,
        Files.readAttributes(first.fs(), java.nio.file.attribute.BasicFileAttributes.class)
            .fileKey());
    assertEquals(0, count(root.ingest()));
    assertEquals(2, store.emptyTrash());
    assertEquals(0, count(root.trash()));
  }

  @Test
  void close_withoutCommit_leavesNothingButTrash() throws IOException {
    LayerIngest ingest = store.begin();
    LayerSummary summary = fill(ingest, "x");
    ingest.close();
    ingest.close();
    assertEquals(Optional.empty(), store.find(summary.diffId()));
    assertEquals(0, count(root.ingest()));
    assertThrows(IllegalStateException.class, () -> ingest.commit(summary));
  }

  /** Each state that a crash can leave behind, made by hand. */
  @Test
  void crash_betweenTheStepsOfCommit_layerIsThereOrNot() throws IOException {
    LayerIngest ingest = store.begin();
    LayerSummary summary = fill(ingest, "x");
    assertEquals(Optional.empty(), store.find(summary.diffId()));

    // The record is written, the rename has not happened.
    Path layer = java.util.Objects.requireNonNull(ingest.fs().getParent());
    Files.write(layer.resolve("record"), LayerRecord.write(summary));
    assertEquals(Optional.empty(), store.find(summary.diffId()));
    assertEquals(0, store.sweep(), "its owner lives");

    // The rename has happened, the ingest was not closed.
    Path algorithm = Files.createDirectories(root.layers().resolve("sha256"));
    Files.move(layer, algorithm.resolve(summary.diffId().digest().hex()));
    assertEquals(summary, store.find(summary.diffId()).orElseThrow().summary());
    ingest.close();
    assertEquals(summary, store.find(summary.diffId()).orElseThrow().summary());
  }

  @Test
  void sweep_deadOwners_discardedAndLivingOnesKept() throws IOException {
    Path dead = Files.createDirectories(root.ingest().resolve("layer-dead/layer/fs"));
    Files.writeString(dead.resolve("f"), "x");
    Files.createDirectory(root.ingest().resolve("layer-unlocked"));
    Files.writeString(root.ingest().resolve("layer-unlocked/lock"), "");
    Files.writeString(root.ingest().resolve(".tmp-blob"), "not ours");
    try (LayerIngest alive = store.begin()) {
      assertEquals(2, store.sweep());
      assertTrue(Files.isDirectory(alive.fs()));
      assertEquals(0, store.sweep());
    }
    assertEquals(1, count(root.ingest()));
    assertEquals(3, store.emptyTrash());
  }

  @Test
  void find_damagedRecord_isNoLayerAndMadeAgain() throws IOException {
    StoredLayer made = commit("hello");
    Path record = made.fs().resolveSibling("record");
    byte[] good = Files.readAllBytes(record);
    for (int i = 0; i < good.length - 1; i += 7) {
      byte[] bad = good.clone();
      bad[i] ^= 4;
      Files.write(record, bad);
      assertEquals(Optional.empty(), store.find(made.diffId()), "byte " + i);
    }
    Files.write(record, new byte[0]);
    assertEquals(made, commit("hello"));
    assertEquals(Optional.of(made), store.find(made.diffId()));
    assertEquals("hello", Files.readString(made.fs().resolve("f")));
  }

  @Test
  void find_recordOfAnotherLayer_isNoLayer() throws IOException {
    StoredLayer one = commit("one");
    StoredLayer two = commit("two");
    Files.copy(
        one.fs().resolveSibling("record"),
        two.fs().resolveSibling("record"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.empty(), store.find(two.diffId()));
  }

  @Test
  void remove_layer_goneAtOnce() throws IOException {
    StoredLayer made = commit("hello");
    assertTrue(store.remove(made.diffId()));
    assertFalse(store.remove(made.diffId()));
    assertEquals(Optional.empty(), store.find(made.diffId()));
    assertEquals(List.of(), store.list());
  }

  @Test
  void commit_manyThreadsOneLayer_allGetTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 5; round++) {
        String content = "round " + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<StoredLayer>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          // Each with a store of its own, as processes have.
          LayerStore own = new LayerStore(root);
          results.add(
              threads.submit(
                  () -> {
                    try (LayerIngest ingest = own.begin()) {
                      LayerSummary summary = fill(ingest, content);
                      start.await();
                      return ingest.commit(summary);
                    }
                  }));
        }
        start.countDown();
        Set<StoredLayer> distinct = new HashSet<>();
        for (Future<StoredLayer> result : results) {
          distinct.add(result.get());
        }
        assertEquals(1, distinct.size());
        assertEquals(content, Files.readString(distinct.iterator().next().fs().resolve("f")));
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(0, count(root.ingest()));
  }

  @Test
  void begin_whileOthersSweep_neverLosesAnIngest() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Future<?> sweeper =
          threads.submit(
              () -> {
                for (int i = 0; i < 300; i++) {
                  store.sweep();
                }
                return null;
              });
      for (int i = 0; i < 150; i++) {
        try (LayerIngest ingest = store.begin()) {
          assertTrue(Files.isDirectory(ingest.fs()) && Files.isDirectory(ingest.work()));
        }
      }
      sweeper.get();
    } finally {
      threads.shutdownNow();
    }
  }
}
