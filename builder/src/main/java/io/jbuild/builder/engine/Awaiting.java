package io.jbuild.builder.engine;

import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for a task from outside of the executor. */
final class Awaiting {
  private Awaiting() {}

  /**
   * The result, of which an interrupt makes a cancellation: when this comes back the task is over,
   * so that nobody has to clean up behind it.
   */
  static <T> T result(CompletableFuture<T> task, Cancellation cancellation)
      throws IOException, UserException, BuildfileException, InterruptedException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancellation.cancel(Cancellation.Strength.HARD);
        }
      }
    } catch (ExecutionException e) {
      throw rethrow(Tasks.unwrap(e));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrow(Throwable error)
      throws IOException, UserException, BuildfileException, InterruptedException {
    if (error instanceof IOException io) {
      throw io;
    } else if (error instanceof UserException user) {
      throw user;
    } else if (error instanceof BuildfileException buildfile) {
      throw buildfile;
    } else if (error instanceof CancellationException) {
      throw new InterruptedException("the build was cancelled");
    } else if (error instanceof RuntimeException bug) {
      throw bug;
    } else if (error instanceof Error bug) {
      throw bug;
    }
    throw new IllegalStateException(error);
  }
}
