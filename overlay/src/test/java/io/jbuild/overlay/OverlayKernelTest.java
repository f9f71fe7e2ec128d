package io.jbuild.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.mount.Overlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The union view and the mounts that {@link OverlayStack} describes show the same tree. */
class OverlayKernelTest {
  private static final int ROUNDS = 30;

  @TempDir private Path temporary;
  private LayersOnDisk layers;
  private Path empty;

  @BeforeEach
  void requireRoot() throws IOException {
    LayersOnDisk.assumeRoot();
    layers = new LayersOnDisk(temporary);
    empty = layers.make("empty");
  }

  private OverlayStack stack(List<Path> paths) throws IOException {
    return OverlayStack.of(paths, empty);
  }

  @Test
  void view_ofRandomLayers_isWhatOverlayfsShows() throws IOException {
    for (int seed = 0; seed < ROUNDS; seed++) {
      List<Path> paths = layers.random(seed, 2 + seed % 4);
      assertEquals(
          LayersOnDisk.mounted(stack(paths).readOnly()),
          LayersOnDisk.viewed(paths),
          "seed " + seed);
    }
  }

  @Test
  void stack_withDuplicates_showsWhatTheViewOfAllShows() throws IOException {
    for (int seed = 100; seed < 100 + ROUNDS; seed++) {
      List<Path> unique = layers.random(seed, 3);
      List<Path> repeated = new ArrayList<>(unique);
      repeated.addAll(unique);
      repeated.addAll(unique);
      Collections.shuffle(repeated, new Random(seed));
      OverlayStack stack = stack(repeated);
      assertEquals(3, stack.layers().size());
      assertEquals(
          LayersOnDisk.viewed(repeated), LayersOnDisk.mounted(stack.readOnly()), "seed " + seed);
    }
  }

  @Test
  void stack_ofOneLayer_canBeMounted() throws IOException {
    List<Path> one = layers.random(200, 1);
    assertEquals(LayersOnDisk.viewed(one), LayersOnDisk.mounted(stack(one).readOnly()));
  }

  @Test
  void stack_ofNothing_isAnEmptyRoot() throws IOException {
    assertEquals(
        List.of("/"), List.copyOf(LayersOnDisk.mounted(stack(List.of()).readOnly()).keySet()));
    Path upper = layers.make("upper");
    Path work = layers.make("work");
    assertEquals(
        List.of("/"),
        List.copyOf(LayersOnDisk.mounted(stack(List.of()).writable(upper, work, true)).keySet()));
  }

  @Test
  void stack_withAnOpaqueRoot_hidesTheLayersBelow() throws IOException {
    List<Path> paths = layers.random(300, 4);
    try (KernelDir root = KernelDir.open(paths.get(1))) {
      root.setXattr(OverlayFormat.OPAQUE, new byte[] {'y'});
    }
    OverlayStack stack = stack(paths);
    assertEquals(paths.subList(0, 2), stack.layers());
    assertEquals(LayersOnDisk.viewed(paths), LayersOnDisk.mounted(stack.readOnly()));
    assertEquals(LayersOnDisk.viewed(paths.subList(0, 2)), LayersOnDisk.viewed(paths));
  }

  @Test
  void stack_of500Layers_isMountedWhole_and501IsAnError() throws IOException {
    List<Path> many = new ArrayList<>();
    for (int i = 0; i <= Overlay.MAX_LOWERS; i++) {
      Path layer = layers.make("many-" + i);
      Files.createFile(layer.resolve("file-" + i));
      many.add(layer);
    }
    int size = LayersOnDisk.mounted(stack(many.subList(1, many.size())).readOnly()).size();
    assertEquals(Overlay.MAX_LOWERS + 1, size);
    String message =
        String.valueOf(assertThrows(TooManyLayersException.class, () -> stack(many)).getMessage());
    assertTrue(message.startsWith("501 different layers: overlayfs stacks at most 500"), message);
  }
}
