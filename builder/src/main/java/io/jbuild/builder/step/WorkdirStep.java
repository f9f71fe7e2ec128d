package io.jbuild.builder.step;

import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.copy.Owner;
import io.jbuild.builder.instruction.Workdir;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.store.RootTree;
import io.jbuild.layers.Attributes;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerSummary;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;

/** WORKDIR: makes what is missing of a directory, for the current user. */
public final class WorkdirStep implements FileStep {
  private final Workshop workshop;
  private final Workdir instruction;
  private final StageState state;
  private final TreePath directory;

  public WorkdirStep(Workshop workshop, Workdir instruction, StageState state) {
    this.workshop = workshop;
    this.instruction = instruction;
    this.state = state;
    this.directory = directory(state, instruction.path());
  }

  /** The absolute path that a WORKDIR leads to. */
  public static TreePath directory(StageState state, String path) {
    return TreePath.parse(path.startsWith("/") ? path : state.workdir() + "/" + path);
  }

  public TreePath directory() {
    return directory;
  }

  @Override
  public StepKey key(int repeat) {
    return StepKeys.begin("workdir", workshop, state, repeat)
        .add("directory", directory.toString())
        .add("user", state.config().user())
        .build();
  }

  @Override
  public String createdBy() {
    return "WORKDIR " + directory;
  }

  @Override
  public Optional<DiffId> take(StepLog log) throws IOException, BuildfileException {
    try (RootTree below = RootTree.open(workshop.stores(), state.layers())) {
      Optional<MissingDirectory> missing =
          MissingDirectory.find(below.view(), directory, instruction.origin());
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      Owner owner = Users.ofMade(below.view(), state.config().user(), instruction.origin());
      Attributes made =
          new Attributes(
              0755,
              owner.uid(),
              owner.gid(),
              workshop.newest().orElse(Timestamp.EPOCH),
              Collections.emptySortedMap());
      try (LayerIngest ingest = workshop.stores().layers().begin()) {
        LayerSummary summary = missing.get().write(ingest.fs(), made);
        return Optional.of(ingest.commit(summary).diffId());
      }
    }
  }
}
