package io.jbuild.builder.build;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.BuildResult.StepReport;
import io.jbuild.builder.StepInfo;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.cache.StepRecord;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.solve.Flights;
import io.jbuild.builder.step.FileStep;
import io.jbuild.builder.step.Workshop;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes each step once: from the cache if it has a record, else by doing it. Tells the listener.
 */
final class StepTaker {
  private final Workshop workshop;
  private final BuildListener listener;
  private final Path logs;
  private final Flights<Digest, StepRecord> flights = new Flights<>();
  private final List<StepReport> reports = new ArrayList<>();

  StepTaker(Workshop workshop, BuildListener listener, Path logs) {
    this.workshop = workshop;
    this.listener = listener;
    this.logs = logs;
  }

  /**
   * The record of a step, of an earlier build or of now.
   *
   * @param fresh whether records of earlier builds do not count
   */
  CompletableFuture<StepRecord> take(StepInfo info, StepKey key, FileStep step, boolean fresh) {
    AtomicBoolean ours = new AtomicBoolean();
    CompletableFuture<StepRecord> flight =
        flights.join(
            key.digest(),
            () -> {
              ours.set(true);
              return workshop.tasks().submit(() -> takeNow(info, key, step, fresh));
            });
    return ours.get() ? flight : flight.thenApply(record -> shared(info, record));
  }

  /** An equal step of another stage has just been taken. */
  private StepRecord shared(StepInfo info, StepRecord record) {
    listener.stepStarted(info);
    cached(info);
    return record;
  }

  private StepRecord takeNow(StepInfo info, StepKey key, FileStep step, boolean fresh)
      throws Exception {
    workshop.cancellation().check();
    listener.stepStarted(info);
    Optional<StepRecord> known = fresh ? Optional.empty() : workshop.stores().steps().find(key);
    if (known.isPresent()) {
      cached(info);
      return known.get();
    }
    return run(info, key, step, fresh);
  }

  /** A step that needed no work: a base that is in the store. */
  void cached(StepInfo info) {
    report(new StepReport(info, true, Duration.ZERO, Optional.empty()));
    listener.stepCached(info);
  }

  private StepRecord run(StepInfo info, StepKey key, FileStep step, boolean fresh)
      throws Exception {
    long start = System.nanoTime();
    Path file = logs.resolve(info.id() + ".log");
    try (StepLog log = new StepLog(file, (error, line) -> listener.stepOutput(info, error, line))) {
      Optional<DiffId> layer = step.take(log);
      workshop.cancellation().check();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      StepRecord record =
          new StepRecord(key.fields(), layer, now, took, info.title(), step.output());
      StepRecord kept = keep(key, record, fresh);
      step.usage().ifPresent(used -> listener.stepUsed(info, used));
      report(new StepReport(info, false, took, step.usage()));
      listener.stepFinished(info, took);
      return kept;
    } catch (CancellationException e) {
      listener.stepCancelled(info);
      throw e;
    } catch (Exception e) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      step.usage().ifPresent(used -> listener.stepUsed(info, used));
      listener.stepFailed(info, took, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private StepRecord keep(StepKey key, StepRecord record, boolean fresh) throws IOException {
    if (!fresh) {
      return workshop.stores().steps().putIfAbsent(key, record);
    }
    workshop.stores().steps().put(key, record);
    return record;
  }

  void finished(StepInfo info, Duration took) {
    report(new StepReport(info, false, took, Optional.empty()));
    listener.stepFinished(info, took);
  }

  private synchronized void report(StepReport report) {
    reports.add(report);
  }

  /** In the order of the Buildfile. */
  synchronized List<StepReport> reports() {
    return reports.stream().sorted(Comparator.comparingInt(report -> report.step().id())).toList();
  }
}
