package io.jbuild.registry;

import io.jbuild.oci.text.Printable;
import io.jbuild.registry.http.HttpTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out {@link RetryPolicy}: the one place that waits. */
final class Retrier {
  private final RetryPolicy policy;
  private final RegistryClock clock;
  private final Consumer<String> notices;

  Retrier(RegistrySettings settings) {
    this.policy = settings.retry();
    this.clock = settings.clock();
    this.notices = settings.notices();
  }

  /** One attempt: a value, or a failure as data; an exception is a failure too. */
  @FunctionalInterface
  interface Attempt<T> {
    Outcome<T> run() throws IOException;
  }

  /** What an attempt came to; exactly one of the two is there. */
  record Outcome<T>(@Nullable T value, @Nullable Failure failure) {
    static <T> Outcome<T> done(T value) {
      return new Outcome<>(value, null);
    }

    static <T> Outcome<T> failed(Failure failure) {
      return new Outcome<>(null, failure);
    }
  }

  /**
   * Runs the attempt until it has a value.
   *
   * @param request names it in messages
   */
  <T> T run(String request, Attempt<T> attempt) throws IOException {
    Series series = series(request);
    while (true) {
      Outcome<T> outcome = once(attempt);
      if (outcome.value() != null) {
        return outcome.value();
      }
      series.failed(java.util.Objects.requireNonNull(outcome.failure()));
    }
  }

  private static <T> Outcome<T> once(Attempt<T> attempt) throws IOException {
    try {
      return attempt.run();
    } catch (IOException e) {
      if (Failure.isInterrupt(e)) {
        throw e;
      }
      return Outcome.failed(Failure.of(e));
    }
  }

  Series series(String request) {
    return new Series(request);
  }

  /** Failures in a row, for transfers that keep what they have between attempts. */
  final class Series {
    private final String request;
    private final long start = clock.nanoTime();
    private int failures;

    Series(String request) {
      this.request = request;
    }

    /**
     * Waits before the next attempt.
     *
     * @throws IOException the failure, in words, if there is to be no next attempt
     */
    void failed(Failure failure) throws IOException {
      if (Failure.isInterrupt(failure.exception())) {
        throw failure.exception();
      }
      if (!failure.temporary()) {
        throw inWords(failure.exception(), "");
      }
      Duration elapsed = Duration.ofNanos(clock.nanoTime() - start);
      RetryPolicy bounds = failure.isUnreachable() ? policy.unreachable() : policy;
      RetryPolicy.Decision decision =
          bounds.decide(++failures, failure.asked(), elapsed, ThreadLocalRandom.current());
      if (decision instanceof RetryPolicy.Wait wait) {
        pause(wait.time(), failure);
      } else {
        throw inWords(failure.exception(), ((RetryPolicy.GiveUp) decision).why());
      }
    }

    private void pause(Duration time, Failure failure) throws IOException {
      String why = String.valueOf(inWords(failure.exception(), "").getMessage());
      notices.accept(
          "trying again in " + time.toMillis() / 1000.0 + " s: " + Printable.limit(why, 300));
      try {
        clock.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted: " + request);
      }
    }

    private IOException inWords(IOException failure, String note) {
      if (failure instanceof RegistryException known) {
        return note.isEmpty() ? known : known.noting(note);
      }
      String said = HttpTransport.reason(failure) + advice(failure);
      return new RegistryException(request, note.isEmpty() ? said : said + "; " + note, failure);
    }

    private static String advice(Throwable failure) {
      for (Throwable each = failure; each != null; each = each.getCause()) {
        if (each instanceof CertificateException) {
          return "; the certificate is not trusted for this host, or this machine's clock is wrong";
        }
      }
      String message = String.valueOf(failure.getMessage());
      return message.contains("Unsupported or unrecognized SSL message")
          ? "; the server does not speak TLS there"
          : "";
    }
  }
}
