package io.jbuild.registry.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and answers with its header and a stream. Every wait happens in the calling
 * thread, ends at its timeout, and ends at once, the connection closed, when that thread is
 * interrupted.
 *
 * <p>HTTP/1.1 on purpose: parallel layers get a connection each, and a layer that is unpacked
 * slowly cannot eat the flow-control window of the others, as streams of one HTTP/2 connection
 * would.
 */
public final class HttpTransport {
  private static final int PIECE = 64 * 1024;

  private final Timeouts timeouts;
  private final @Nullable ProxySelector proxies;
  private final HttpThreads threads = new HttpThreads();
  private final Supplier<HttpClient> verifying = new Once<>(() -> client(null));
  private final Supplier<HttpClient> unverifying =
      new Once<>(() -> client(AnyCertificate.context()));

  public HttpTransport(Timeouts timeouts, @Nullable ProxySelector proxies) {
    this.timeouts = timeouts;
    this.proxies = proxies;
  }

  private HttpClient client(@Nullable SSLContext tls) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeouts.connect())
            .executor(threads);
    if (proxies != null) {
      builder.proxy(proxies);
    }
    return (tls == null ? builder : builder.sslContext(tls)).build();
  }

  /**
   * Sends the request; the answer's status is for the caller to judge.
   *
   * @param verifyTls whether a certificate must be valid for the host
   * @throws SourceException if the request's body cannot be read
   * @throws IOException if no answer came
   */
  public Response send(Request request, boolean verifyTls) throws IOException {
    RequestBody body = request.body();
    UploadPublisher upload =
        body == null || body.length() == 0 ? null : new UploadPublisher(body.length());
    HttpRequest built = build(request, upload);
    HttpClient client = (verifyTls ? verifying : unverifying).get();
    CompletableFuture<HttpResponse<BodyStream>> answer =
        client.sendAsync(built, info -> new BodyStream(timeouts.idle()));
    boolean answered = false;
    try {
      if (upload != null && body != null) {
        var unused = answer.whenComplete((done, failed) -> upload.stop());
        feed(body, upload);
      }
      HttpResponse<BodyStream> response = await(answer, request);
      answered = true;
      return new Response(
          request.uri(), response.statusCode(), response.headers(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted: " + request);
    } finally {
      if (!answered) {
        abandon(answer);
      }
    }
  }

  /** Closes the connection, also when the answer arrives in this very moment. */
  private static void abandon(CompletableFuture<HttpResponse<BodyStream>> answer) {
    CompletableFuture<Void> closing = answer.thenAccept(late -> late.body().close());
    answer.cancel(true);
    closing.exceptionally(expected -> null);
  }

  private HttpRequest build(Request request, @Nullable UploadPublisher upload)
      throws RefusedAddressException {
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(request.uri())
              .method(
                  request.method(), upload == null ? HttpRequest.BodyPublishers.noBody() : upload);
      for (Map.Entry<String, String> header : request.headers().entrySet()) {
        builder.header(header.getKey(), header.getValue());
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new RefusedAddressException(
          request + ": " + Shown.line(String.valueOf(e.getMessage())));
    }
  }

  private void feed(RequestBody body, UploadPublisher upload)
      throws IOException, InterruptedException {
    LongConsumer progress = body.progress();
    long sent = 0;
    try (InputStream source = open(body)) {
      while (sent < body.length()) {
        ByteBuffer piece = read(source, (int) Math.min(PIECE, body.length() - sent));
        int size = piece.remaining();
        if (!upload.write(piece, timeouts.idle())) {
          return; // answered or failed already: the answer tells
        }
        progress.accept(sent += size);
      }
    }
    upload.complete(timeouts.idle());
  }

  private static InputStream open(RequestBody body) throws SourceException {
    try {
      return body.open();
    } catch (IOException e) {
      throw new SourceException("open what is to be uploaded: " + e.getMessage(), e);
    }
  }

  private static ByteBuffer read(InputStream source, int wanted) throws SourceException {
    try {
      byte[] bytes = source.readNBytes(wanted);
      if (bytes.length < wanted) {
        throw new EOFException("it ended early");
      }
      return ByteBuffer.wrap(bytes);
    } catch (IOException e) {
      throw new SourceException("read what is to be uploaded: " + e.getMessage(), e);
    }
  }

  private HttpResponse<BodyStream> await(
      CompletableFuture<HttpResponse<BodyStream>> answer, Request request)
      throws IOException, InterruptedException {
    Duration limit =
        request.waits() == Request.Waits.STORE ? timeouts.store() : timeouts.response();
    // The connection's own timeout comes first, so that it is the one reported.
    long nanos = limit.plus(timeouts.connect()).toNanos();
    try {
      return answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("no answer for " + seconds(limit.toNanos()));
    } catch (ExecutionException e) {
      throw asIo(e.getCause() == null ? e : e.getCause());
    }
  }

  private static IOException asIo(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException(reason(cause), cause);
  }

  /** Why a connection failed, in words; several of the JDK's exceptions have no message. */
  public static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause.getMessage();
    String kind = cause.getClass().getSimpleName();
    if (cause instanceof java.net.http.HttpConnectTimeoutException) {
      return "connect timed out";
    }
    if (cause instanceof java.nio.channels.UnresolvedAddressException
        || cause.getCause() instanceof java.nio.channels.UnresolvedAddressException) {
      return "host name not found";
    }
    if (cause instanceof java.net.ConnectException && (message == null || message.isEmpty())) {
      return "connection refused";
    }
    return message == null ? kind : Shown.line(message);
  }

  static String seconds(long nanos) {
    long millis = Math.round(nanos / 1e6);
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
