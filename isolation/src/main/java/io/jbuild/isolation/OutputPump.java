package io.jbuild.isolation;

import io.jbuild.linux.Fd;
import io.jbuild.linux.FdStreams;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries what a command writes from a pipe to a stream, on a thread of its own. */
final class OutputPump implements Closeable {
  private static final int BUFFER = 32 * 1024;

  /** How long a process outside of the sandbox that got hold of the pipe may still write. */
  private static final long GRACE_MILLIS = 1000;

  private final Fd readEnd;
  private final OutputStream sink;
  private final Thread thread;
  private volatile boolean reading;
  private volatile boolean abandoned;

  /** Takes the reading end over. */
  OutputPump(Fd readEnd, OutputStream sink, String name) {
    this.readEnd = readEnd;
    this.sink = sink;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    InputStream in = FdStreams.input(readEnd);
    byte[] buffer = new byte[BUFFER];
    boolean deliver = true;
    try {
      for (int n = next(in, buffer); n >= 0 && !abandoned; n = next(in, buffer)) {
        deliver = deliver && delivered(buffer, n);
      }
    } catch (IOException e) {
      log(Level.WARNING, "output of a sandbox is lost", e);
    }
  }

  private int next(InputStream in, byte[] buffer) throws IOException {
    reading = true;
    int n = in.read(buffer);
    reading = false;
    return n;
  }

  /** A sink that fails is not asked again; the pipe is emptied all the same. */
  private boolean delivered(byte[] buffer, int length) {
    try {
      sink.write(buffer, 0, length);
      sink.flush();
      return true;
    } catch (IOException e) {
      log(Level.FINE, "output of a sandbox is not taken any more", e);
      return false;
    }
  }

  /**
   * Waits until all output is delivered, however slow the sink; but if somebody keeps the pipe open
   * and writes nothing, for a second.
   */
  void finish() throws InterruptedException {
    thread.join(GRACE_MILLIS);
    while (thread.isAlive()) {
      if (reading && !abandoned) {
        abandoned = true;
        wake();
      }
      thread.join(GRACE_MILLIS);
    }
  }

  /** A thread that waits in read(2) is woken by a byte, written by a second opening of the pipe. */
  private void wake() {
    Path pipe = Path.of("/proc/self/fd/" + readEnd.number());
    try (OutputStream out = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) {
      out.write(0);
    } catch (IOException e) {
      log(Level.WARNING, "the reader of a sandbox's output cannot be woken", e);
    }
  }

  private static void log(Level level, String what, IOException e) {
    Logger.getLogger(OutputPump.class.getName()).log(level, what, e);
  }

  @Override
  public void close() {
    readEnd.close();
  }
}
