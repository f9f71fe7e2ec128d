package io.jbuild.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response while it arrives. At most {@value #WINDOW} pieces of about 16 KiB wait in
 * memory; a read that gets nothing for the idle time, or less than {@value #SLOWEST} bytes per
 * second of waiting over that time, fails. Closing before the end closes the connection.
 *
 * <p>For one reader; {@link #close} may come from any thread.
 */
public final class BodyStream extends InputStream
    implements HttpResponse.BodySubscriber<BodyStream> {
  private static final int WINDOW = 16;
  private static final int SLOWEST = 1024;

  private sealed interface Event {}

  private record Data(List<ByteBuffer> buffers) implements Event {}

  private record End(@Nullable Throwable cause) implements Event {}

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ArrayDeque<ByteBuffer> current = new ArrayDeque<>();
  private final long idleNanos;
  private Flow.@Nullable Subscription subscription;
  private volatile boolean closed;
  private @Nullable End end;
  private long waitedNanos;
  private long receivedWhileWaiting;

  BodyStream(Duration idle) {
    this.idleNanos = idle.toNanos();
  }

  @Override
  public CompletionStage<BodyStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    if (subscription != null || closed) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(WINDOW);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    events.add(new Data(item));
  }

  @Override
  public void onError(Throwable throwable) {
    events.add(new End(throwable));
  }

  @Override
  public void onComplete() {
    events.add(new End(null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    java.util.Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = nextBuffer();
    if (buffer == null) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  /** The first buffer with bytes in it, or null at the end of the body. */
  private @Nullable ByteBuffer nextBuffer() throws IOException {
    while (true) {
      if (closed) {
        throw new IOException("the body of the response is closed");
      }
      ByteBuffer head = current.peek();
      if (head != null && head.hasRemaining()) {
        return head;
      }
      if (head != null) {
        current.remove();
      } else if (end != null) {
        return finish(end);
      } else {
        accept(await());
      }
    }
  }

  private @Nullable ByteBuffer finish(End reached) throws IOException {
    if (reached.cause() != null) {
      throw new IOException(HttpTransport.reason(reached.cause()), reached.cause());
    }
    return null;
  }

  private void accept(Event event) {
    if (event instanceof Data data) {
      current.addAll(data.buffers());
      requestOne();
    } else {
      end = (End) event;
    }
  }

  private synchronized void requestOne() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private Event await() throws IOException {
    Event ready = events.poll();
    return ready != null ? ready : waitForEvent();
  }

  private Event waitForEvent() throws IOException {
    long start = System.nanoTime();
    Event event;
    try {
      event = events.poll(idleNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading from the registry");
    }
    if (event == null) {
      close();
      throw new SocketTimeoutException("no data for " + HttpTransport.seconds(idleNanos));
    }
    checkRate(event, System.nanoTime() - start);
    return event;
  }

  /** Only time spent waiting counts: a slow consumer is not the network's fault. */
  private void checkRate(Event event, long waited) throws IOException {
    waitedNanos += waited;
    if (event instanceof Data data) {
      for (ByteBuffer buffer : data.buffers()) {
        receivedWhileWaiting += buffer.remaining();
      }
    }
    if (waitedNanos < idleNanos) {
      return;
    }
    boolean slow = receivedWhileWaiting < SLOWEST * (waitedNanos / 1e9) && event instanceof Data;
    if (slow) {
      close();
      throw new SocketTimeoutException(
          receivedWhileWaiting + " bytes in " + HttpTransport.seconds(waitedNanos) + ": too slow");
    }
    waitedNanos = 0;
    receivedWhileWaiting = 0;
  }

  /** Ends the transfer; a body that was read to its end leaves the connection for reuse. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
    events.add(new End(new IOException("closed"))); // wakes a reader
  }
}
