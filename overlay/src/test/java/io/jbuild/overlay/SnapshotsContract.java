package io.jbuild.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.mount.Mount;
import io.jbuild.linux.mount.MountApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation of {@link Snapshots} promises. */
abstract class SnapshotsContract {
  @TempDir private Path temporary;
  private Snapshots snapshots;
  private int uppers;

  /**
   * @param empty an empty directory of mode 0755
   */
  abstract Snapshots snapshots(Path empty) throws IOException;

  @BeforeEach
  void make() throws IOException {
    LayersOnDisk.assumeRoot();
    snapshots = snapshots(Files.createDirectory(temporary.resolve("empty")));
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(temporary.resolve(name));
  }

  private Snapshots.Active prepare(List<Path> layers) throws IOException {
    int number = uppers++;
    return snapshots.prepare(layers, directory("upper-" + number), directory("work-" + number));
  }

  /** Changes an active snapshot through its mount, which is gone afterwards. */
  private static void change(Mount mount, Change change) throws IOException {
    try (Fd fd = MountApi.openDetached(mount, Set.of());
        KernelDir root = KernelDir.of(fd)) {
      change.in(root);
    }
  }

  interface Change {
    void in(KernelDir root) throws IOException;
  }

  private static void write(KernelDir root, String name) throws IOException {
    try (OutputFile file = root.create(Name.of(name), 0644)) {
      file.write(new byte[] {1}, 0, 1);
    }
  }

  private static List<String> names(Mount mount) throws IOException {
    return new ArrayList<>(LayersOnDisk.mounted(mount).keySet());
  }

  @Test
  void committed_isALayerForTheNext() throws IOException {
    Snapshots.Active first = prepare(List.of());
    change(first.mount(), root -> write(root, "a"));
    change(first.mount(), root -> write(root, "b"));
    Snapshots.Committed one = first.commit();
    Snapshots.Active second = prepare(one.layers());
    change(second.mount(), root -> root.unlink(Name.of("a")));
    change(second.mount(), root -> write(root, "c"));
    Snapshots.Committed two = second.commit();
    assertEquals(List.of("/", "/b", "/c"), names(snapshots.view(two.layers()).mount()));
    assertEquals(List.of("/", "/a", "/b"), names(snapshots.view(one.layers()).mount()));
    assertEquals(List.of(two.layer(), one.layer()), two.layers());
  }

  @Test
  void active_showsWhatTheUnionViewShows() throws IOException {
    Snapshots.Active first = prepare(List.of());
    change(first.mount(), root -> write(root, "a"));
    Snapshots.Committed committed = first.commit();
    SortedMap<String, String> mounted =
        LayersOnDisk.mounted(snapshots.view(committed.layers()).mount());
    assertEquals(LayersOnDisk.viewed(committed.layers()), mounted);
  }

  @Test
  void view_changesNothing() throws IOException {
    Path layer = directory("layer");
    Files.createFile(layer.resolve("f"));
    SortedMap<String, String> before = LayersOnDisk.viewed(List.of(layer));
    assertEquals(before, LayersOnDisk.mounted(snapshots.view(List.of(layer)).mount()));
    assertEquals(before, LayersOnDisk.mounted(snapshots.view(List.of(layer)).mount()));
    assertEquals(before, LayersOnDisk.viewed(List.of(layer)));
  }

  @Test
  void prepare_keepsTheAttributesOfTheRoot() throws IOException {
    Path layer = directory("layer");
    try (KernelDir root = KernelDir.open(layer)) {
      root.setOwner(7, 8);
      root.setXattr("user.mark", new byte[] {1});
      root.setPermissions(01751);
      root.setTimes(Timestamp.ofSeconds(12345));
    }
    try (Snapshots.Active active = prepare(List.of(layer))) {
      assertEquals(
          LayersOnDisk.viewed(List.of(layer)).get("/"),
          LayersOnDisk.mounted(active.mount()).get("/"));
    }
  }

  @Test
  void prepare_ofNothing_isAnUsualRoot() throws IOException {
    try (Snapshots.Active active = prepare(List.of())) {
      assertEquals(
          "directory 755 0:0",
          String.valueOf(LayersOnDisk.mounted(active.mount()).get("/")).substring(0, 17));
    }
  }

  @Test
  void upper_hasOneOwner() throws IOException {
    Path upper = directory("upper");
    Path work = directory("work");
    Snapshots.Active first = snapshots.prepare(List.of(), upper, work);
    assertThrows(SnapshotInUseException.class, () -> snapshots.prepare(List.of(), upper, work));
    first.close();
    first.close();
    snapshots.prepare(List.of(), upper, work).close();
  }

  @Test
  void commit_happensOnce() throws IOException {
    Snapshots.Active active = prepare(List.of());
    active.commit();
    active.close();
    assertThrows(IllegalStateException.class, active::commit);
    Snapshots.Active closed = prepare(List.of());
    closed.close();
    assertThrows(IllegalStateException.class, closed::commit);
  }
}
