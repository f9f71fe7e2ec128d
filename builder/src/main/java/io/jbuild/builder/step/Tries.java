package io.jbuild.builder.step;

import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.UserException;
import io.jbuild.builder.run.StepLog;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.GoDuration;
import io.jbuild.builder.value.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes a step again that failed, as often as it may be. */
final class Tries {
  private final Retry retry;
  private final Cancellation cancellation;
  private final StepLog log;

  /**
   * @param cancellation after which nothing is tried any more
   */
  Tries(Retry retry, Cancellation cancellation, StepLog log) {
    this.retry = retry;
    this.cancellation = cancellation;
    this.log = log;
  }

  /** One try, which begins with nothing of the one before. */
  @FunctionalInterface
  interface Try<T> {
    T take() throws IOException, BuildfileException, UserException, InterruptedException;
  }

  <T> T take(Try<T> step)
      throws IOException, BuildfileException, UserException, InterruptedException {
    for (int number = 2; number <= retry.tries(); number++) {
      try {
        return step.take();
      } catch (StepFailedException e) {
        if (!e.repeatable() || cancellation.isCancelled()) {
          throw e;
        }
        Duration delay = retry.before(number);
        log.note(e.reason() + "; try " + number + " of " + retry.tries() + in(delay));
        pause(delay);
      }
    }
    return step.take();
  }

  private static String in(Duration delay) {
    return delay.isZero() ? "" : " in " + GoDuration.brief(delay);
  }

  /** Ends early, with an exception, when the build does. */
  private void pause(Duration delay) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Cancellation.Registration registration = cancellation.onCancel(strength -> end.countDown());
    try {
      boolean unused = end.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      registration.close();
    }
    cancellation.check();
  }
}
