package io.jbuild.registry.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request body fed by the calling thread, piece by piece, as fast as the connection takes it. So
 * the HTTP client's own threads never block in a read of our source.
 */
final class UploadPublisher implements HttpRequest.BodyPublisher, Flow.Subscription {
  private final long length;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
  private long demand;
  private boolean stopped;

  UploadPublisher(long length) {
    this.length = length;
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> given) {
    lock.lock();
    try {
      if (subscriber != null) {
        given.onSubscribe(this);
        given.onError(new IOException("a request body is sent once"));
        return;
      }
      subscriber = given;
    } finally {
      lock.unlock();
    }
    given.onSubscribe(this);
  }

  @Override
  public void request(long more) {
    lock.lock();
    try {
      demand = Math.max(demand + more, more); // saturates where the sum would overflow
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cancel() {
    stop();
  }

  /** Nothing more is wanted: the request failed, or was answered before its body ended. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Hands over one piece; false when nothing more is wanted. */
  boolean write(ByteBuffer piece, Duration idle) throws IOException, InterruptedException {
    Flow.Subscriber<? super ByteBuffer> target = awaitDemand(idle);
    if (target == null) {
      return false;
    }
    target.onNext(piece);
    return true;
  }

  /** The whole body was handed over. */
  void complete(Duration idle) throws IOException, InterruptedException {
    lock.lock();
    try {
      long left = idle.toNanos();
      while (subscriber == null && !stopped) {
        left = changed.awaitNanos(requirePositive(left, idle));
      }
      if (stopped) {
        return;
      }
    } finally {
      lock.unlock();
    }
    java.util.Objects.requireNonNull(subscriber).onComplete();
  }

  private Flow.@Nullable Subscriber<? super ByteBuffer> awaitDemand(Duration idle)
      throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = idle.toNanos();
      while (!stopped && (subscriber == null || demand == 0)) {
        left = changed.awaitNanos(requirePositive(left, idle));
      }
      demand--;
      return stopped ? null : subscriber;
    } finally {
      lock.unlock();
    }
  }

  private static long requirePositive(long left, Duration idle) throws SocketTimeoutException {
    if (left <= 0) {
      throw new SocketTimeoutException(
          "the registry took no data for " + HttpTransport.seconds(idle.toNanos()));
    }
    return left;
  }
}
