package io.jbuild.overlay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Self;
import io.jbuild.linux.mount.Mount;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.mount.MountFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Real layer directories, and what the kernel shows of them. */
final class LayersOnDisk {
  private final Path directory;

  LayersOnDisk(Path directory) {
    this.directory = directory;
  }

  static void assumeRoot() {
    assumeTrue(Self.isRoot(), "overlayfs mounts and whiteouts need root: skipped");
  }

  Path make(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  /** This many random layers. */
  List<Path> random(long seed, int count) throws IOException {
    RandomLayers random = new RandomLayers(seed);
    List<Path> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path layer = make("layer-" + seed + "-" + i);
      try (KernelDir root = KernelDir.open(layer)) {
        random.fill(root);
      }
      layers.add(layer);
    }
    return layers;
  }

  static SortedMap<String, String> mounted(Mount mount) throws IOException {
    try (Fd fd = MountApi.openDetached(mount, Set.of(MountFlag.READ_ONLY));
        KernelDir root = KernelDir.of(fd)) {
      return Fingerprint.of(root);
    }
  }

  static SortedMap<String, String> viewed(List<Path> layers) throws IOException {
    List<KernelDir> open = new ArrayList<>();
    try {
      for (Path layer : layers) {
        open.add(KernelDir.open(layer));
      }
      try (UnionView view = UnionView.over(open)) {
        return Fingerprint.of(view.root());
      }
    } finally {
      open.forEach(KernelDir::close);
    }
  }
}
