package io.jbuild.builder.run;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of one step: all of it goes to a file, each line to whoever listens, and the last ones
 * stay at hand for an error message. Thread-safe: the two streams are written by two threads.
 *
 * <p>The file is made by the first byte, so that a silent step leaves none.
 */
public final class StepLog implements Closeable {
  /**
   * A longer line is cut in pieces: a program that never ends its line must not fill the memory.
   */
  private static final int MAX_LINE = 64 * 1024;

  /** No step may fill the disk by talking; beyond it lines are still heard, but not kept. */
  private static final long MAX_FILE = 1L << 30;

  private static final int LAST_LINES = 20;

  /** Hears each line. */
  @FunctionalInterface
  public interface Listener {
    void line(boolean standardError, byte[] line);
  }

  private final Path file;
  private final Listener listener;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private @Nullable OutputStream out;
  private long written;

  public StepLog(Path file, Listener listener) {
    this.file = file;
    this.listener = listener;
  }

  public Path file() {
    return file;
  }

  /** A stream for standard output or standard error; closing it ends its last line. */
  public OutputStream stream(boolean standardError) {
    return new Lines(standardError);
  }

  /** A line of ours among those of the step. */
  public void note(String line) throws IOException {
    try (OutputStream out = stream(true)) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The end of the output, oldest line first. */
  public synchronized List<String> lastLines() {
    return List.copyOf(lastLines);
  }

  private synchronized void keep(byte[] buffer, int offset, int length) throws IOException {
    if (written > MAX_FILE) {
      return;
    }
    if (out == null) {
      Files.createDirectories(file.getParent());
      out = new BufferedOutputStream(Files.newOutputStream(file));
    }
    written += length;
    out.write(buffer, offset, length);
  }

  private void heard(boolean standardError, byte[] line) {
    synchronized (this) {
      lastLines.addLast(new String(line, StandardCharsets.UTF_8));
      if (lastLines.size() > LAST_LINES) {
        lastLines.removeFirst();
      }
    }
    listener.line(standardError, line);
  }

  @Override
  public synchronized void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }

  private final class Lines extends OutputStream {
    private final boolean standardError;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(boolean standardError) {
      this.standardError = standardError;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      keep(buffer, offset, length);
      int start = offset;
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, start, i - start);
          end();
          start = i + 1;
        } else if (line.size() + i - start >= MAX_LINE) {
          line.write(buffer, start, i + 1 - start);
          end();
          start = i + 1;
        }
      }
      line.write(buffer, start, offset + length - start);
    }

    private void end() {
      heard(standardError, line.toByteArray());
      line.reset();
    }

    @Override
    public void close() {
      if (line.size() > 0) {
        end();
      }
    }
  }
}
