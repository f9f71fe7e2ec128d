package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.copy.CopyPlan;
import io.jbuild.builder.copy.CopyRequest;
import io.jbuild.builder.copy.CopySelection;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.store.RootTree;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.StoredLayer;
import io.jbuild.linux.Timestamp;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.util.Optional;

/** COPY and ADD: the selected files, keyed by their content, written as one layer in one pass. */
public final class CopyStep implements FileStep {
  private final Workshop workshop;
  private final StageState state;
  private final CopySelection selection;
  private final String createdBy;
  private final Origin origin;

  /**
   * @param selection the files, read; its trees stay open until the build ends
   * @param createdBy for the history
   */
  public CopyStep(
      Workshop workshop,
      StageState state,
      CopySelection selection,
      String createdBy,
      Origin origin) {
    this.workshop = workshop;
    this.state = state;
    this.selection = selection;
    this.createdBy = createdBy;
    this.origin = origin;
  }

  @Override
  public StepKey key(int repeat) {
    CopyRequest request = selection.request();
    // What is copied with --link is the same on top of anything.
    StepKey.Builder key =
        request.link()
            ? StepKey.of("copy-link").add("time", workshop.timeField())
            : StepKeys.begin("copy", workshop, state, repeat);
    return key.add("content", selection.digest().toString())
        .add("destination", request.destination())
        .add("workdir", request.workdir().toString())
        .add("owner", request.owner().map(owner -> owner.uid() + ":" + owner.gid()).orElse(""))
        .add("mode", request.mode().map(Object::toString).orElse(""))
        .add("parents", Boolean.toString(request.parents()))
        .add("libraries", Boolean.toString(request.withLibs()))
        .add("unpack", Boolean.toString(request.unpack()))
        .build();
  }

  @Override
  public String createdBy() {
    return createdBy;
  }

  @Override
  public Optional<DiffId> take(StepLog log) throws IOException, BuildfileException, UserException {
    if (selection.isEmpty()) {
      return Optional.empty();
    }
    Timestamp made = workshop.newest().orElse(Timestamp.EPOCH);
    try (RootTree below = RootTree.open(workshop.stores(), state.layers())) {
      CopyPlan plan = plan(below, made);
      if (plan.isEmpty()) {
        return Optional.empty();
      }
      try (LayerIngest ingest = workshop.stores().layers().begin()) {
        return Optional.of(write(plan, ingest).diffId());
      }
    }
  }

  /** Under a fixed time the files of the layer are set back to it, which a scan does. */
  private StoredLayer write(CopyPlan plan, LayerIngest ingest) throws IOException, UserException {
    return plan.write(
        workshop.newest().isEmpty() ? ingest : new ClampingIngest(ingest, workshop),
        workshop.warnings());
  }

  private CopyPlan plan(RootTree below, Timestamp made) throws IOException, BuildfileException {
    try {
      return selection.onto(below.view(), made);
    } catch (UserException e) {
      throw CopyFailure.at(origin, e);
    }
  }
}
