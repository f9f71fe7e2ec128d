package io.jbuild.builder.build;

import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** All that a build has begun, for whatever platform: its first failure ends the rest. */
final class Watch {
  private final Cancellation cancellation;
  private final List<CompletableFuture<?>> begun = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Watch(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  synchronized void add(CompletableFuture<?> future) {
    begun.add(future);
    CompletableFuture<?> unused = future.whenComplete((value, error) -> noteFailure(error));
  }

  private void noteFailure(@Nullable Throwable error) {
    if (error != null) {
      Throwable cause = Tasks.unwrap(error);
      if (!(cause instanceof CancellationException)) {
        failure.compareAndSet(null, cause);
      }
      cancellation.cancel(Cancellation.Strength.HARD);
    }
  }

  /** Waits for a result; what is thrown is the first failure of all that was begun. */
  <T> T await(CompletableFuture<T> target)
      throws IOException, BuildfileException, UserException, InterruptedException {
    try {
      return target.get();
    } catch (InterruptedException e) {
      cancellation.cancel(Cancellation.Strength.GENTLE);
      throw e;
    } catch (ExecutionException | CancellationException e) {
      Throwable first = failure.get();
      throw rethrow(first != null ? first : Tasks.unwrap(e));
    }
  }

  private static RuntimeException rethrow(Throwable error)
      throws IOException, BuildfileException, UserException, InterruptedException {
    if (error instanceof IOException io) {
      throw io;
    } else if (error instanceof BuildfileException buildfile) {
      throw buildfile;
    } else if (error instanceof UserException user) {
      throw user;
    } else if (error instanceof CancellationException) {
      throw new InterruptedException("the build was cancelled");
    } else if (error instanceof Error bug) {
      throw bug;
    } else if (error instanceof RuntimeException bug) {
      throw bug;
    }
    throw new IllegalStateException(error);
  }

  /** Waits for everything that was begun; a second interrupt makes the end a hard one. */
  void awaitEnd() {
    boolean interrupted = false;
    for (int i = 0; i < size(); i++) {
      CompletableFuture<?> one = begun(i);
      while (!one.isDone()) {
        try {
          one.handle((value, error) -> true).get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancellation.cancel(Cancellation.Strength.HARD);
        } catch (ExecutionException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int size() {
    return begun.size();
  }

  private synchronized CompletableFuture<?> begun(int index) {
    return begun.get(index);
  }
}
