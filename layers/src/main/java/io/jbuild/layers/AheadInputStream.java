package io.jbuild.layers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream ahead on a thread of its own, so that decompressing and hashing go on while files
 * are made. The thread is not a pool's: it waits for its reader, and a pool whose threads wait for
 * one another stands still.
 */
final class AheadInputStream extends InputStream {
  private static final int PIECE = 1 << 17;
  private static final int AHEAD = 8;

  /** Bytes that were read, or the end, or what went wrong. */
  private record Piece(Bytes bytes, int length, @Nullable Throwable failure) {}

  /** Keeps an array out of a record's equality. */
  private static final class Bytes {
    final byte[] array;

    Bytes(byte[] array) {
      this.array = array;
    }
  }

  private static final Bytes NONE = new Bytes(new byte[0]);

  private final InputStream in;
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;
  private volatile boolean closed;
  private Piece current = new Piece(NONE, 0, null);
  private int position;

  /** The last piece was taken: the end, or a failure that every further read meets again. */
  private boolean ended;

  /** The stream belongs to the thread until this one is closed, which closes it too. */
  AheadInputStream(InputStream in, String name) {
    this.in = in;
    this.thread = new Thread(this::readAll, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void readAll() {
    try {
      Piece piece;
      do {
        piece = readPiece();
        pieces.put(piece);
      } while (piece.length() > 0 && !closed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Piece readPiece() {
    try {
      byte[] bytes = new byte[PIECE];
      return new Piece(new Bytes(bytes), Math.max(0, in.read(bytes, 0, PIECE)), null);
    } catch (IOException | RuntimeException | Error e) {
      return new Piece(NONE, 0, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == current.length() && !next()) {
      return -1;
    }
    int count = Math.min(length, current.length() - position);
    System.arraycopy(current.bytes().array, position, into, offset, count);
    position += count;
    return count;
  }

  private boolean next() throws IOException {
    if (!ended) {
      take();
    }
    Throwable failure = current.failure();
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return current.length() > 0;
  }

  private void take() throws IOException {
    try {
      current = pieces.take();
      position = 0;
      ended = current.length() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("read: interrupted");
    }
  }

  /** Waits for the thread, which then has stopped using the stream. */
  @Override
  public void close() throws IOException {
    closed = true;
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
