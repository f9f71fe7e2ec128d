package io.jbuild.builder.run;

import io.jbuild.builder.solve.Cancellation;
import io.jbuild.isolation.ExitStatus;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.Sandbox;
import io.jbuild.isolation.SandboxSpec;
import io.jbuild.isolation.Stdio;
import io.jbuild.isolation.running.RunningSandboxes;
import io.jbuild.isolation.running.SandboxLabel;
import io.jbuild.linux.Closing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One command in one sandbox, from start to end. */
public final class SandboxRun {
  private static final int SIGTERM = 15;
  private static final int GRACE_SECONDS = 10;

  private final Sandbox sandbox;
  private volatile boolean over;
  private volatile boolean timedOut;

  private SandboxRun(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Runs a command and waits for its end. When the build is cancelled it is asked to end, and
   * killed ten seconds later; or killed at once, if nobody wants its result or it does not listen.
   *
   * @param timeout after which it is asked to end in the same way, by the clock that nobody sets
   */
  public static SandboxEnd run(
      IsolationCore core,
      SandboxSpec spec,
      Stdio io,
      Optional<Duration> timeout,
      Cancellation cancellation)
      throws IOException, InterruptedException {
    cancellation.check();
    try (Closing name = new Closing();
        Sandbox sandbox = start(core, spec, io, name)) {
      return new SandboxRun(sandbox).await(timeout, cancellation);
    }
  }

  private SandboxEnd await(Optional<Duration> timeout, Cancellation cancellation)
      throws IOException, InterruptedException {
    CompletableFuture<Void> timer = new CompletableFuture<>();
    CompletableFuture<Void> unused = timer.thenRunAsync(this::timeOut);
    Cancellation.Registration registration = cancellation.onCancel(this::end);
    try {
      timeout.ifPresent(t -> timer.completeOnTimeout(null, t.toNanos(), TimeUnit.NANOSECONDS));
      ExitStatus status = waitFor(cancellation);
      over = true;
      return new SandboxEnd(status, sandbox.usage(), timedOut);
    } finally {
      timer.cancel(false);
      registration.close();
    }
  }

  /**
   * @param name where the sandbox's name goes, to be given back after the sandbox has ended
   */
  private static Sandbox start(IsolationCore core, SandboxSpec spec, Stdio io, Closing name)
      throws IOException {
    Optional<SandboxLabel> label = spec.label();
    if (label.isEmpty()) {
      return core.start(spec, io);
    }
    RunningSandboxes.Registration registration = name.add(core.running().register(label.get()));
    Sandbox sandbox = core.start(spec, io);
    try {
      registration.started(sandbox.pid(), spec.command().argv());
      return sandbox;
    } catch (IOException e) {
      try (sandbox) {
        throw e;
      }
    }
  }

  /** An interrupt of the waiting thread cancels as well; a second one does not wait any more. */
  private ExitStatus waitFor(Cancellation cancellation) throws IOException, InterruptedException {
    try {
      return sandbox.waitFor();
    } catch (InterruptedException e) {
      cancellation.cancel(Cancellation.Strength.GENTLE);
      ExitStatus unused = sandbox.waitFor();
      throw e;
    }
  }

  private void timeOut() {
    if (!over) {
      timedOut = true;
      end(Cancellation.Strength.GENTLE);
    }
  }

  private void end(Cancellation.Strength strength) {
    try {
      if (strength == Cancellation.Strength.GENTLE && catchesTerm(sandbox.pid())) {
        sandbox.signal(SIGTERM);
        CompletableFuture.delayedExecutor(GRACE_SECONDS, TimeUnit.SECONDS)
            .execute(() -> end(Cancellation.Strength.HARD));
      } else {
        sandbox.kill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The kernel drops a signal to the first process of a namespace when that has no handler for it,
   * so waiting for such a process to end would be waiting for nothing. So it would be for one that
   * is gone, or that nothing can be learnt about.
   */
  private static boolean catchesTerm(int pid) {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status"));
    } catch (IOException e) {
      return false;
    }
    for (String line : lines) {
      if (line.startsWith("SigCgt:")) {
        return new BigInteger(line.substring("SigCgt:".length()).strip(), 16).testBit(SIGTERM - 1);
      }
    }
    return false;
  }
}
