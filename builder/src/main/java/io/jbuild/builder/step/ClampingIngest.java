package io.jbuild.builder.step;

import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerScanner;
import io.jbuild.layers.LayerSummary;
import io.jbuild.layers.LowerView;
import io.jbuild.layers.StoredLayer;
import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import java.io.IOException;
import java.nio.file.Path;

/** An ingest whose files are set back to the build's fixed time before the layer gets its name. */
record ClampingIngest(LayerIngest ingest, Workshop workshop) implements LayerIngest {
  @Override
  public Path fs() {
    return ingest.fs();
  }

  @Override
  public Path work() {
    return ingest.work();
  }

  @Override
  public StoredLayer commit(LayerSummary summary) throws IOException {
    try (Dir directory = OwnedTree.open(ingest.fs())) {
      return ingest.commit(
          new LayerScanner(LowerView.NOTHING, workshop.newest(), workshop.warnings())
              .scan(directory));
    }
  }

  @Override
  public void close() throws IOException {
    ingest.close();
  }
}
