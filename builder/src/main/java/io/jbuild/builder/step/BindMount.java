package io.jbuild.builder.step;

import io.jbuild.layers.LayerIngest;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.Mount;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.overlay.OverlayStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code type=bind}: files of layers, read-only, or writable into a directory that is thrown away.
 *
 * @param layers directories, topmost first: those of an image, or the one that was made of the
 *     files
 * @param below what of the merged tree is mounted
 * @param content what the key has of it
 */
record BindMount(
    Workshop workshop,
    List<Path> layers,
    TreePath below,
    TreePath target,
    boolean writable,
    boolean isFile,
    String content)
    implements StepMount {
  BindMount {
    layers = List.copyOf(layers);
  }

  @Override
  public List<String> keyFields() {
    return List.of("bind", target.toString(), Boolean.toString(writable), content);
  }

  @Override
  public void add(StepResources resources, Map<String, String> env) throws IOException {
    Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV);
    if (!writable) {
      flags.add(MountFlag.READ_ONLY);
    }
    resources.mount(new MountPoint(mount(resources), target, flags));
  }

  private Mount mount(StepResources resources) throws IOException {
    Path empty = workshop.stores().emptyDirectory();
    if (below.isRoot() && !writable) {
      return OverlayStack.of(layers, empty).readOnly();
    }
    if (below.isRoot()) {
      LayerIngest discarded = resources.keep(workshop.stores().layers().begin());
      return OverlayStack.of(layers, empty).writable(discarded.fs(), discarded.work(), true);
    }
    KernelDir layer = resources.keep(KernelDir.open(layers.get(0)));
    if (!writable || isFile) {
      return new Bind(resources.keep(layer.resolvePath(below)), false);
    }
    LayerIngest discarded = resources.keep(workshop.stores().layers().begin());
    Path directory = layers.get(0).resolve(below.toString().substring(1));
    return OverlayStack.of(List.of(directory), empty)
        .writable(discarded.fs(), discarded.work(), true);
  }
}
