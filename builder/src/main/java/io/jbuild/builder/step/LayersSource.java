package io.jbuild.builder.step;

import io.jbuild.builder.store.Stores;
import io.jbuild.layers.LayerIngest;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Mount;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.overlay.Snapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A file or directory of a stack of layers, without a copy: the stack is mounted where nobody sees
 * it, and the path is looked up in there, so that no link leads out of it. It takes a kernel that
 * {@linkplain MountApi#clonesDetached clones what is detached}.
 *
 * @param layers their directories, topmost first
 * @param writable whether a directory on top, which is thrown away, takes changes
 */
record LayersSource(Stores stores, List<Path> layers, TreePath path, boolean writable)
    implements BindMount.Source {
  LayersSource {
    layers = List.copyOf(layers);
  }

  @Override
  public Fd open(StepResources resources) throws IOException {
    Set<MountFlag> flags = writable ? Set.of() : Set.of(MountFlag.READ_ONLY);
    Fd merged = resources.keep(MountApi.openDetached(mount(resources), flags));
    KernelDir root = resources.keep(KernelDir.of(merged));
    return resources.keep(root.resolvePath(path));
  }

  private Mount mount(StepResources resources) throws IOException {
    Snapshots snapshots = stores.snapshots();
    if (!writable) {
      return resources.keep(snapshots.view(layers)).mount();
    }
    LayerIngest discarded = resources.keep(stores.layers().begin());
    return resources.keep(snapshots.prepare(layers, discarded.fs(), discarded.work())).mount();
  }
}
