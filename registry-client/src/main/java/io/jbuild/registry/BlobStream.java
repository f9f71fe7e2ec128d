package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Digester;
import io.jbuild.registry.http.BodyStream;
import io.jbuild.registry.http.Request;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A blob while it arrives, verified on the way: it yields exactly the descriptor's number of bytes,
 * and the read that would yield the last of them fails if size or digest are wrong. A reader that
 * stops earlier has seen unverified bytes; {@link #finish} reads on for it.
 *
 * <p>A cut connection is resumed where the hashed bytes end. Three resumes that bring less than
 * {@value #PROGRESS} bytes are the end of it.
 */
public final class BlobStream extends InputStream {
  private static final int PROGRESS = 4096;
  private static final int MAX_RESUMES = 3;

  private final Descriptor blob;
  private final BlobEndpoint endpoint;
  private final TransferListener listener;
  private final Request request;
  private final Retrier retrier;
  private final Digester digester;

  private @Nullable BodyStream body;
  private long skip;
  private long position;
  private boolean verified;
  private boolean closed;

  private Retrier.@Nullable Series cuts;
  private int resumes;
  private long resumedAt;

  BlobStream(
      Descriptor blob,
      BlobEndpoint endpoint,
      TransferListener listener,
      Request request,
      Retrier retrier) {
    this.blob = blob;
    this.endpoint = endpoint;
    this.listener = listener;
    this.request = request;
    this.retrier = retrier;
    this.digester = blob.digest().algorithm().newDigester();
  }

  /** Sends the first request, so that a refusal shows before anything is read. */
  void begin() throws IOException {
    connect();
    if (blob.size() == 0) {
      verify();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (verified || length == 0) {
      return verified ? -1 : 0;
    }
    int wanted = (int) Math.min(length, blob.size() - position);
    int count = receive(target, offset, wanted);
    digester.update(target, offset, count);
    position += count;
    listener.progress(blob, position, blob.size());
    if (position == blob.size()) {
      verify();
    }
    return count;
  }

  /** Reads what is left, so that the blob is verified. */
  public void finish() throws IOException {
    byte[] rest = new byte[16 * 1024];
    int count = 0;
    while (count >= 0) {
      count = read(rest, 0, rest.length); // hashed as they pass
    }
  }

  private int receive(byte[] target, int offset, int wanted) throws IOException {
    while (true) {
      if (closed) {
        throw new IOException("blob " + blob.digest() + ": the stream is closed");
      }
      try {
        BodyStream source = body == null ? connect() : body;
        passSkipped(source);
        int count = source.read(target, offset, wanted);
        if (count > 0) {
          return count;
        }
        throw new EOFException("ended after " + position + " of " + blob.size() + " bytes");
      } catch (IOException e) {
        cut(e);
      }
    }
  }

  /** Bytes that were hashed before the cut, sent again by a registry that knows no ranges. */
  private void passSkipped(BodyStream source) throws IOException {
    byte[] ignored = new byte[skip == 0 ? 0 : 16 * 1024];
    while (skip > 0) {
      int count = source.read(ignored, 0, (int) Math.min(ignored.length, skip));
      if (count < 0) {
        throw new EOFException("ended before byte " + position + " of " + blob.size());
      }
      skip -= count;
    }
  }

  private BodyStream connect() throws IOException {
    BlobEndpoint.Part part = endpoint.from(blob, position);
    body = part.response().body();
    skip = part.skip();
    return body;
  }

  private void cut(IOException failure) throws IOException {
    if (body != null) {
      body.close();
      body = null;
    }
    Retrier.Series series = cuts;
    if (series == null || position - resumedAt >= PROGRESS) {
      series = retrier.series(request.toString());
      cuts = series;
      resumes = 0;
      resumedAt = position;
    }
    Failure known = Failure.of(failure);
    boolean again = known.temporary() && ++resumes <= MAX_RESUMES;
    series.failed(again ? known : new Failure(failure, false, known.asked()));
  }

  private void verify() throws IOException {
    BodyStream source = body;
    boolean longer = source != null && hasMore(source);
    Digest found = digester.finish();
    close();
    if (longer) {
      throw RegistrySession.nonsense(
          request, "the blob is longer than the " + blob.size() + " bytes that it should have");
    }
    if (!found.equals(blob.digest())) {
      throw RegistrySession.nonsense(
          request, "the blob has digest " + found + ", expected " + blob.digest());
    }
    verified = true;
  }

  /** One byte beyond the end is enough to know; a cut right behind the last byte is no harm. */
  private static boolean hasMore(BodyStream source) throws IOException {
    try {
      return source.read() >= 0;
    } catch (IOException e) {
      if (Failure.isInterrupt(e)) {
        throw e;
      }
      return false;
    }
  }

  /** Lets go of the connection; without an effect on what {@link #read} says at a verified end. */
  @Override
  public void close() {
    closed = true;
    if (body != null) {
      body.close();
    }
  }
}
