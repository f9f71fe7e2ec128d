package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.registry.http.RequestBody;
import io.jbuild.registry.http.Response;
import io.jbuild.registry.http.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way up. After a failure it asks the registry how much arrived and goes on there,
 * or begins anew if the registry forgot; bodies that are too long for it become shorter.
 */
final class BlobUpload {
  private static final long LARGEST_CHUNK = 32L << 20;
  private static final long SMALLEST_CHUNK = 1L << 20;

  private final UploadEndpoint endpoint;
  private final Descriptor blob;
  private final BlobSource source;
  private final TransferListener listener;
  private final Retrier retrier;

  private long chunk;
  private long best;
  private int cuts;
  private Retrier.Series failures;
  private UploadEndpoint.@Nullable Session session;

  BlobUpload(
      UploadEndpoint endpoint,
      Descriptor blob,
      BlobSource source,
      UploadMode mode,
      TransferListener listener,
      Retrier retrier) {
    this.endpoint = endpoint;
    this.blob = blob;
    this.source = source;
    this.chunk = mode.chunkBytes();
    this.listener = listener;
    this.retrier = retrier;
    this.failures = series();
  }

  private Retrier.Series series() {
    return retrier.series("upload of blob " + blob.digest());
  }

  /** Sends the blob; {@code opened} is a session that a refused mount left us. */
  void run(Optional<UploadEndpoint.Session> opened) throws IOException {
    session = opened.orElse(null);
    try {
      boolean done = false;
      while (!done) {
        UploadEndpoint.Session at = session == null ? endpoint.start() : session;
        session = at;
        done = step(at);
      }
    } catch (RegistryException | SourceException e) {
      cancel(e);
      throw e;
    }
  }

  /** Worth a request only at a registry that answers. */
  private void cancel(IOException failure) {
    boolean answers =
        failure instanceof SourceException
            || (failure instanceof RegistryException refusal
                && (refusal.status().isPresent() || refusal.getCause() instanceof SourceException));
    if (session != null && answers) {
      endpoint.cancel(session);
    }
  }

  /** One request; true after the one that ended the session. */
  private boolean step(UploadEndpoint.Session at) throws IOException {
    Failure failure;
    try {
      if (at.offset() == blob.size() || isWhole(at)) {
        boolean whole = at.offset() == 0 && blob.size() > 0;
        Optional<RequestBody> body = whole ? Optional.of(body(0, blob.size())) : Optional.empty();
        Retrier.Outcome<Response> outcome = endpoint.put(at, blob, body);
        failure = outcome.failure();
      } else {
        long length = Math.min(chunkFor(at), blob.size() - at.offset());
        var outcome = endpoint.patch(at, body(at.offset(), length));
        failure = outcome.failure();
        if (outcome.value() != null) {
          advance(outcome.value());
          return false;
        }
      }
    } catch (IOException e) {
      failure = Failure.of(e);
    }
    if (failure == null) {
      return true;
    }
    recover(at, failure);
    return false;
  }

  private boolean isWhole(UploadEndpoint.Session at) {
    return at.offset() == 0 && (chunk == 0 || chunkFor(at) >= blob.size());
  }

  private long chunkFor(UploadEndpoint.Session at) {
    return chunk == 0 ? Long.MAX_VALUE : Math.max(chunk, at.minimumChunk());
  }

  private void advance(UploadEndpoint.Session next) throws IOException {
    session = next;
    if (next.offset() > blob.size()) {
      throw new RegistryException(
          "upload of blob " + blob.digest(), "the registry has more bytes than the blob", null);
    }
    if (next.offset() > best) {
      best = next.offset();
      failures = series();
    } else {
      // The piece was accepted and nothing of it kept: count it, or this would never end.
      IOException lost = new IOException("the registry kept nothing of what was sent");
      failures.failed(Failure.of(lost));
    }
    listener.progress(blob, next.offset(), blob.size());
  }

  private void recover(UploadEndpoint.Session at, Failure failure) throws IOException {
    int status =
        failure.exception() instanceof RegistryException answer ? answer.status().orElse(0) : 0;
    switch (status) {
      case 404 -> again(failure, true); // the session is gone
      case 416 -> again(failure, false);
      case 413 -> {
        shorten(at, failure);
        session = null;
      }
      default -> {
        failures.failed(failure);
        session = endpoint.status(at).orElse(null);
        if (status == 0) {
          shortenAfterCuts(at);
        }
      }
    }
    if (session != null && session.offset() > best) {
      best = session.offset();
      failures = series();
    }
  }

  /** An answer that is final elsewhere, but here means that the two sides lost step. */
  private void again(Failure failure, boolean forgotten) throws IOException {
    failures.failed(new Failure(failure.exception(), true, failure.asked()));
    UploadEndpoint.Session at = session;
    session = forgotten || at == null ? null : endpoint.status(at).orElse(null);
  }

  /**
   * A proxy that refuses a long body may close the connection while it is being sent, so that its
   * 413 is never seen: after two cuts that left nothing behind, pieces are worth trying.
   */
  private void shortenAfterCuts(UploadEndpoint.Session at) {
    boolean kept = session != null && session.offset() > at.offset();
    cuts = kept ? 0 : cuts + 1;
    long sent = Math.min(chunkFor(at), blob.size());
    if (cuts >= 2 && sent > SMALLEST_CHUNK) {
      chunk = Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, sent / 4));
    }
  }

  private void shorten(UploadEndpoint.Session at, Failure failure) throws IOException {
    long sent = Math.min(chunkFor(at), blob.size());
    long shorter = Math.min(LARGEST_CHUNK, sent / 2);
    if (shorter < Math.max(SMALLEST_CHUNK, at.minimumChunk())) {
      throw failure.exception();
    }
    chunk = shorter;
  }

  private RequestBody body(long offset, long length) {
    return new RequestBody() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() throws IOException {
        return source.openAt(offset);
      }

      @Override
      public LongConsumer progress() {
        return sent -> listener.progress(blob, offset + sent, blob.size());
      }
    };
  }
}
