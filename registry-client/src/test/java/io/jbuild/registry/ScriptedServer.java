package io.jbuild.registry;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that answers as it is told, down to single bytes and resets, and remembers
 * what it was asked.
 */
final class ScriptedServer implements Closeable {

  /** A request as it came. */
  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  record Seen(String method, String target, Map<String, String> headers, byte[] body) {
    String path() {
      return URI.create(target).getPath();
    }

    String query(String name) {
      String query = URI.create(target).getQuery();
      for (String pair : (query == null ? "" : query).split("&", -1)) {
        if (pair.startsWith(name + "=")) {
          return pair.substring(name.length() + 1);
        }
      }
      return "";
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  @FunctionalInterface
  interface Handler {
    void handle(Seen request, Reply reply) throws IOException;
  }

  private record Rule(Predicate<Seen> applies, AtomicInteger left, Handler handler) {}

  private final ServerSocket listener;
  private final String scheme;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private volatile Handler otherwise;
  private volatile boolean garbage;
  private volatile int longestBody = Integer.MAX_VALUE;

  ScriptedServer(Handler otherwise) throws IOException {
    this(otherwise, ServerSocketFactory.getDefault(), "http");
  }

  ScriptedServer(Handler otherwise, ServerSocketFactory sockets, String scheme) throws IOException {
    this.otherwise = otherwise;
    this.scheme = scheme;
    this.listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Bodies longer than this are answered by 413 and a reset, without reading them. */
  void refuseBodiesOver(int bytes) {
    longestBody = bytes;
  }

  /** For clients that try TLS on a plain port. */
  void tolerateGarbage() {
    garbage = true;
  }

  int port() {
    return listener.getLocalPort();
  }

  String host() {
    return "127.0.0.1:" + port();
  }

  String url() {
    return scheme + "://" + host();
  }

  List<Seen> seen() {
    return seen;
  }

  long count(String method, String part) {
    return seen.stream()
        .filter(r -> r.method().equals(method) && r.target().contains(part))
        .count();
  }

  void otherwise(Handler handler) {
    otherwise = handler;
  }

  /** Answers the next {@code times} requests whose target contains the text. */
  ScriptedServer on(String method, String part, int times, Handler handler) {
    Predicate<Seen> applies = r -> r.method().equals(method) && r.target().contains(part);
    rules.add(new Rule(applies, new AtomicInteger(times), handler));
    return this;
  }

  ScriptedServer on(String method, String part, Handler handler) {
    return on(method, part, Integer.MAX_VALUE, handler);
  }

  /** Answers requests of this method that match. */
  ScriptedServer onlyIf(String method, Predicate<Seen> condition, Handler handler) {
    Predicate<Seen> applies = r -> r.method().equals(method) && condition.test(r);
    rules.add(new Rule(applies, new AtomicInteger(Integer.MAX_VALUE), handler));
    return this;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Reply reply = new Reply(socket, closing);
      while (!reply.ended) {
        Seen request = read(in);
        if (request == null) {
          return;
        }
        seen.add(request);
        reply.toHead = request.method().equals("HEAD");
        if (request.body().length == 0 && !request.header("Content-Length").matches("0?")) {
          reply.send(413, "");
          reply.reset();
        } else {
          handler(request).handle(request, reply);
        }
      }
    } catch (IOException e) {
      return; // the client went away: tests look at the client
    } catch (RuntimeException | AssertionError e) {
      if (!garbage) {
        bugs.add(e);
      }
    } finally {
      open.remove(socket);
    }
  }

  private Handler handler(Seen request) {
    for (Rule rule : rules) {
      if (rule.applies().test(request) && rule.left().getAndDecrement() > 0) {
        return rule.handler();
      }
    }
    return otherwise;
  }

  private @Nullable Seen read(InputStream in) throws IOException {
    String line = line(in);
    if (line == null) {
      return null;
    }
    String[] start = line.split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    String header = line(in);
    while (header != null && !header.isEmpty()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
      header = line(in);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = length > longestBody ? new byte[0] : in.readNBytes(length);
    return new Seen(start[0], start[1], headers, body);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder out = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        out.append((char) c);
      }
    }
    return out.toString();
  }

  /** Fails with what a handler threw, which would otherwise look like a cut connection. */
  void requireNoBugs() {
    if (!bugs.isEmpty()) {
      throw new AssertionError("a handler of the scripted server failed", bugs.get(0));
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    for (Socket socket : new ArrayList<>(open)) {
      socket.close();
    }
  }

  /** What a handler may do with a connection. */
  static final class Reply {
    private final Socket socket;
    private final CountDownLatch closing;
    private boolean toHead;
    private boolean ended;

    Reply(Socket socket, CountDownLatch closing) {
      this.socket = socket;
      this.closing = closing;
    }

    void send(int status, byte[] body, String... headers) throws IOException {
      head(status, withLength(headers, body.length));
      if (!toHead) {
        write(body);
      }
    }

    void send(int status, String body, String... headers) throws IOException {
      send(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String[] withLength(String[] headers, int length) {
      String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
      all[headers.length] = "Content-Length: " + length;
      return all;
    }

    void head(int status, String... headers) throws IOException {
      StringBuilder out = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
      for (String header : headers) {
        out.append(header).append("\r\n");
      }
      write(out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /** A byte now and then, until the client has enough of it. */
    void dribble(byte[] bytes) throws IOException {
      for (byte each : bytes) {
        write(new byte[] {each});
        try {
          if (closing.await(20, TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    /** Ends the connection in order. */
    void end() throws IOException {
      ended = true;
      socket.close();
    }

    /** Ends it with a reset. */
    void reset() throws IOException {
      ended = true;
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Says nothing more until the server is closed. */
    void hang() {
      ended = true;
      try {
        closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
