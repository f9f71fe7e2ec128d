package io.jbuild.isolation;

import java.io.Closeable;
import java.io.IOException;

/**
 * A command that runs in its sandbox. Any thread may wait for it, signal it or close it.
 *
 * <p>The sandbox ends with its first process: whatever that one left running is killed, and output
 * that comes later than a second after is dropped.
 */
public interface Sandbox extends Closeable {
  /** The first process as the caller's PID namespace numbers it. */
  int pid();

  /** Waits until the command has ended and its output has been delivered. */
  ExitStatus waitFor() throws IOException, InterruptedException;

  /** Sends a signal to the first process, which may ignore it; nothing happens after its end. */
  void signal(int number) throws IOException;

  /** Returns when everything in the sandbox stands still; killing it works all the same. */
  void freeze() throws IOException;

  /** Lets everything go on that {@link #freeze} has stopped. */
  void thaw() throws IOException;

  /** Kills everything in the sandbox; {@link #waitFor} then tells signal 9. */
  void kill() throws IOException;

  /** Read from the control group: up to date while it runs, final after {@link #waitFor}. */
  Usage usage() throws IOException;

  /**
   * Kills what still runs and removes all that was made for the sandbox: control groups, mount
   * points that the root did not have, descriptors. The root's upper directory may be read, or
   * mounted again, only after this.
   */
  @Override
  void close() throws IOException;
}
