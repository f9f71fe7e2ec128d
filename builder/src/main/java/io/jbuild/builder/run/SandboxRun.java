package io.jbuild.builder.run;

import io.jbuild.builder.solve.Cancellation;
import io.jbuild.isolation.ExitStatus;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.Sandbox;
import io.jbuild.isolation.SandboxSpec;
import io.jbuild.isolation.Stdio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One command in one sandbox, from start to end. */
public final class SandboxRun {
  private static final int SIGTERM = 15;
  private static final int GRACE_SECONDS = 10;

  private SandboxRun() {}

  /**
   * Runs a command and waits for its end. When the build is cancelled it is asked to end, and
   * killed ten seconds later; or killed at once, if nobody wants its result or it does not listen.
   */
  public static ExitStatus run(
      IsolationCore core, SandboxSpec spec, Stdio io, Cancellation cancellation)
      throws IOException, InterruptedException {
    cancellation.check();
    try (Sandbox sandbox = core.start(spec, io)) {
      Cancellation.Registration registration =
          cancellation.onCancel(strength -> end(sandbox, strength));
      try {
        return waitFor(sandbox, cancellation);
      } finally {
        registration.close();
      }
    }
  }

  /** An interrupt of the waiting thread cancels as well; a second one does not wait any more. */
  private static ExitStatus waitFor(Sandbox sandbox, Cancellation cancellation)
      throws IOException, InterruptedException {
    try {
      return sandbox.waitFor();
    } catch (InterruptedException e) {
      cancellation.cancel(Cancellation.Strength.GENTLE);
      ExitStatus unused = sandbox.waitFor();
      throw e;
    }
  }

  private static void end(Sandbox sandbox, Cancellation.Strength strength) {
    try {
      if (strength == Cancellation.Strength.GENTLE && catchesTerm(sandbox.pid())) {
        sandbox.signal(SIGTERM);
        CompletableFuture.delayedExecutor(GRACE_SECONDS, TimeUnit.SECONDS)
            .execute(() -> end(sandbox, Cancellation.Strength.HARD));
      } else {
        sandbox.kill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The kernel drops a signal to the first process of a namespace when that has no handler for it,
   * so waiting for such a process to end would be waiting for nothing.
   */
  private static boolean catchesTerm(int pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status"))) {
      if (line.startsWith("SigCgt:")) {
        return new BigInteger(line.substring("SigCgt:".length()).strip(), 16).testBit(SIGTERM - 1);
      }
    }
    return false;
  }
}
