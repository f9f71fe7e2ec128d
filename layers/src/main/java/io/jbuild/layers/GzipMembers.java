package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses gzip on several threads where its members say how long they are, as those of {@link
 * GzipCoder} do, and from the first member that does not on one thread. A member that lies about
 * its lengths is refused.
 */
final class GzipMembers extends InputStream {
  private static final int TRAILER = 8;

  private final PushbackInputStream in;
  private final Executor executor;
  private final int ahead;
  private final Deque<FutureTask<byte[]>> pending = new ArrayDeque<>();
  private byte[] current = {};
  private int position;
  private boolean any;
  private boolean ended;
  private @Nullable GzipReader rest;

  /** Closes the stream together with itself. */
  GzipMembers(InputStream in, Executor executor, int ahead) {
    this.in = new PushbackInputStream(in, GzipCoder.HEADER);
    this.executor = executor;
    this.ahead = ahead;
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
    while (position == current.length) {
      fill();
      if (pending.isEmpty()) {
        return rest == null ? -1 : rest.read(into, offset, length);
      }
      current = take();
      position = 0;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, into, offset, count);
    position += count;
    return count;
  }

  private void fill() throws IOException {
    while (!ended && pending.size() < ahead) {
      byte[] head = in.readNBytes(GzipCoder.HEADER);
      ByteBuffer lengths = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      if (GzipCoder.isHeader(head)) {
        submit(lengths.getInt(GzipCoder.HEADER - 8), lengths.getInt(GzipCoder.HEADER - 4));
      } else {
        in.unread(head);
        rest = head.length == 0 && any ? null : new GzipReader(in, !any);
        ended = true;
      }
    }
  }

  private void submit(int length, int contentLength) throws IOException {
    byte[] body = in.readNBytes(length - GzipCoder.HEADER);
    if (body.length != length - GzipCoder.HEADER) {
      throw new BadArchiveException("gzip: it ends too early");
    }
    any = true;
    FutureTask<byte[]> task = new FutureTask<>(() -> inflate(body, contentLength));
    pending.add(task);
    executor.execute(task);
  }

  private static byte[] inflate(byte[] body, int length) throws BadArchiveException {
    byte[] content = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(body, 0, body.length - TRAILER);
      int count = inflater.inflate(content);
      // The end of the stream may be seen only by asking for more than there is.
      boolean over =
          inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
      if (count != length || !over || inflater.getRemaining() != 0) {
        throw new BadArchiveException("gzip: a member is not of its stated length");
      }
    } catch (DataFormatException e) {
      throw new BadArchiveException("gzip: the data is corrupt", e);
    } finally {
      inflater.end();
    }
    CRC32 crc = new CRC32();
    crc.update(content);
    ByteBuffer trailer =
        ByteBuffer.wrap(body, body.length - TRAILER, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    if (trailer.getInt() != (int) crc.getValue() || trailer.getInt() != length) {
      throw new BadArchiveException("gzip: the checksum or length is wrong");
    }
    return content;
  }

  /**
   * Whatever nobody has begun is done here, so that an executor without a free thread stops
   * nothing.
   */
  private byte[] take() throws IOException {
    FutureTask<byte[]> task = pending.remove();
    task.run();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new BadArchiveException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("gzip: interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    pending.forEach(task -> task.cancel(false));
    pending.clear();
    if (rest != null) {
      rest.close();
    }
    in.close();
  }
}
