package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.cache.StepRecord;
import io.jbuild.builder.copy.CopySelection;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerSummary;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Files of a tree that others may change, or that has ignored parts: they are copied into a layer
 * of their own, known by their content. What the step sees is what its key says, whatever happens
 * to the tree meanwhile.
 *
 * @param selection the files, to be copied to {@link #PLACE}
 */
record CopiedFiles(Stores stores, CopySelection selection, boolean writable)
    implements BindMount.Source {
  /** Where a selection has to put them. */
  static final TreePath PLACE = TreePath.parse("/source");

  @Override
  public Fd open(StepResources resources) throws IOException, UserException {
    if (MountApi.clonesDetached() && !stores.snapshots().viewsAreCopies()) {
      List<Path> layers = List.of(stores.layer(layer()).fs());
      return new LayersSource(stores, layers, PLACE, writable).open(resources);
    }
    if (!writable) {
      return place(resources, stores.layer(layer()).fs());
    }
    LayerIngest discarded = resources.keep(stores.layers().begin());
    try (KernelDir directory = KernelDir.open(discarded.fs())) {
      LayerSummary unused = selection.alone().write(directory, warning -> {});
    }
    return place(resources, discarded.fs());
  }

  private static Fd place(StepResources resources, Path root) throws IOException {
    KernelDir directory = resources.keep(KernelDir.open(root));
    return resources.keep(directory.resolvePath(PLACE));
  }

  private DiffId layer() throws IOException, UserException {
    StepKey key = StepKey.of("bind").add("content", selection.digest().toString()).build();
    Optional<StepRecord> known = stores.steps().find(key);
    if (known.isPresent() && known.get().layer().isPresent()) {
      return known.get().layer().get();
    }
    try (LayerIngest ingest = stores.layers().begin()) {
      DiffId layer = selection.alone().write(ingest).diffId();
      stores
          .steps()
          .put(
              key,
              new StepRecord(
                  key.fields(), Optional.of(layer), Instant.EPOCH, Duration.ZERO, "bind mount"));
      return layer;
    }
  }
}
