package io.jbuild.builder;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.ladder.Standing;
import io.jbuild.overlay.DriverChoice;
import java.io.Closeable;
import java.io.IOException;

/**
 * All that jbuild can do with one store. Thread-safe; any number of engines, in any number of
 * processes, may share the store. Opened by {@code io.jbuild.builder.engine.Engines}.
 *
 * <p>Every method that takes long ends soon after its thread is interrupted: what runs in a sandbox
 * gets a TERM and ten seconds, and nothing half-written stays.
 */
public interface Engine extends Closeable {
  /**
   * Builds an image, keeps it in the store and sends it to the request's outputs.
   *
   * @throws BuildfileException the Buildfile is wrong, at a place that the exception names
   * @throws StepFailedException a step's command failed
   * @throws UserException anything else that was asked for and cannot be
   */
  BuildResult build(BuildRequest request, BuildListener listener)
      throws IOException, BuildfileException, UserException, InterruptedException;

  /**
   * Runs a command in a throw-away copy of an image, on the caller's own standard input, output and
   * error, and answers its exit code: 128 + the signal when it was killed by one.
   */
  int run(RunRequest request, TransferListener listener)
      throws IOException, UserException, InterruptedException;

  Images images();

  /**
   * The driver that makes root filesystems of layers in this store, and why the better ones do not
   * work here. Trying them takes some milliseconds, once.
   *
   * @throws IOException when none works
   */
  DriverChoice storageDriver() throws IOException;

  /**
   * On which rung steps stand here, by which storage driver and on which network: the latter two
   * are tried, which takes some milliseconds, once.
   *
   * @param network what was asked for
   */
  Standing standing(NetworkMode network) throws IOException;

  /** Waits for what is under way and closes the executor; closing twice is harmless. */
  @Override
  void close() throws IOException;
}
