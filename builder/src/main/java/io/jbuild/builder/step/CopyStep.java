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
import io.jbuild.linux.Closing;
import io.jbuild.linux.Timestamp;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** COPY and ADD: the selected files, keyed by their content, written as one layer in one pass. */
public final class CopyStep implements FileStep {
  /** Gives the files, read; {@code open} closes what was opened for them. */
  @FunctionalInterface
  public interface Selecting {
    CopySelection select(Closing open) throws IOException, UserException, InterruptedException;
  }

  private final Workshop workshop;
  private final StageState state;
  private final CopyRequest request;
  private final List<String> content;
  private final Selecting selecting;
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
    this(
        workshop,
        state,
        selection.request(),
        List.of(selection.digest().toString()),
        open -> selection,
        createdBy,
        origin);
  }

  /**
   * For files that are there only when the step is taken.
   *
   * @param content what tells them from all other files
   */
  public CopyStep(
      Workshop workshop,
      StageState state,
      CopyRequest request,
      List<String> content,
      Selecting selecting,
      String createdBy,
      Origin origin) {
    this.workshop = workshop;
    this.state = state;
    this.request = request;
    this.content = List.copyOf(content);
    this.selecting = selecting;
    this.createdBy = createdBy;
    this.origin = origin;
  }

  @Override
  public StepKey key(int repeat) {
    // What is copied with --link is the same on top of anything.
    StepKey.Builder key =
        request.link()
            ? StepKey.of("copy-link").add("time", workshop.timeField())
            : StepKeys.begin("copy", workshop, state, repeat);
    return key.add("content", content)
        .add("destination", request.destination())
        .add("workdir", request.workdir().toString())
        .add("owner", request.owner().map(owner -> owner.uid() + ":" + owner.gid()).orElse(""))
        .add("mode", request.mode().map(Object::toString).orElse(""))
        .add("parents", Boolean.toString(request.parents()))
        .add("libraries", Boolean.toString(request.withLibs()))
        .add("unpack", request.unpacks().toString())
        .build();
  }

  @Override
  public String createdBy() {
    return createdBy;
  }

  @Override
  public Optional<DiffId> take(StepLog log)
      throws IOException, BuildfileException, UserException, InterruptedException {
    try (Closing open = new Closing()) {
      CopySelection selection = select(open);
      return selection.isEmpty() ? Optional.empty() : take(selection);
    }
  }

  private CopySelection select(Closing open)
      throws IOException, BuildfileException, InterruptedException {
    try {
      return selecting.select(open);
    } catch (UserException e) {
      throw CopyFailure.at(origin, e);
    }
  }

  private Optional<DiffId> take(CopySelection selection)
      throws IOException, BuildfileException, UserException {
    Timestamp made = workshop.newest().orElse(Timestamp.EPOCH);
    try (RootTree below = RootTree.open(workshop.stores(), state.layers())) {
      CopyPlan plan = plan(selection, below, made);
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
        workshop.warnings(),
        workshop.cancellation()::check);
  }

  private CopyPlan plan(CopySelection selection, RootTree below, Timestamp made)
      throws IOException, BuildfileException {
    try {
      return selection.onto(below.view(), made);
    } catch (UserException e) {
      throw CopyFailure.at(origin, e);
    }
  }
}
