package io.jbuild.builder.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server of repositories on loopback: git's own CGI program behind the JDK's HTTP server. */
public final class GitServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Path root;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile Optional<String> wanted = Optional.empty();
  private volatile Optional<String> redirection = Optional.empty();
  private volatile boolean dumb;
  private volatile boolean old;
  private volatile @Nullable CompletableFuture<Void> hanging;

  private GitServer(HttpServer server, Path root) {
    this.server = server;
    this.root = root;
  }

  /** Serves all repositories below a directory. */
  public static GitServer over(Path root) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    GitServer server = new GitServer(http, root);
    http.createContext("/", server::answer);
    http.setExecutor(server.executor);
    http.start();
    return server;
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public String url(String repository) {
    return "http://" + host() + "/" + repository;
  }

  /** Requests without this header are refused from now on. */
  public void demand(String authorization) {
    wanted = Optional.of(authorization);
  }

  /** Everything is elsewhere from now on. */
  public void redirectTo(String base) {
    redirection = Optional.of(base);
  }

  /** Files only, as a server without git gives them. */
  public void beDumb() {
    dumb = true;
  }

  /** No request is answered from now on; done when one is there. */
  public CompletableFuture<Void> hang() {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    hanging = asked;
    return asked;
  }

  /** The first version of the protocol only. */
  public void beOld() {
    old = true;
  }

  public List<String> requests() {
    return List.copyOf(requests);
  }

  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      Optional<String> given =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
      given.ifPresent(authorizations::add);
      CompletableFuture<Void> asked = hanging;
      if (asked != null) {
        asked.complete(null);
        new CountDownLatch(1).await();
      }
      if (redirection.isPresent()) {
        exchange.getResponseHeaders().add("Location", redirection.get() + exchange.getRequestURI());
        exchange.sendResponseHeaders(302, -1);
      } else if (wanted.isPresent() && !wanted.equals(given)) {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"test\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (dumb) {
        file(exchange);
      } else {
        cgi(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void file(HttpExchange exchange) throws IOException {
    Path file = root.resolve(exchange.getRequestURI().getPath().substring(1));
    if (!Files.isRegularFile(file)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] content = Files.readAllBytes(file);
    exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  private void cgi(HttpExchange exchange) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", root.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put(
        "QUERY_STRING", Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
    header(exchange, "Content-Type").ifPresent(type -> environment.put("CONTENT_TYPE", type));
    header(exchange, "Content-Encoding")
        .ifPresent(type -> environment.put("HTTP_CONTENT_ENCODING", type));
    if (!old) {
      header(exchange, "Git-Protocol").ifPresent(text -> environment.put("GIT_PROTOCOL", text));
    }
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      exchange.getRequestBody().transferTo(in);
    }
    InputStream out = process.getInputStream();
    int status = 200;
    for (String line = line(out); !line.isEmpty(); line = line(out)) {
      String[] field = line.split(": ", 2);
      if (field[0].equals("Status")) {
        status = Integer.parseInt(field[1].substring(0, 3));
      } else {
        exchange.getResponseHeaders().add(field[0], field[1]);
      }
    }
    exchange.sendResponseHeaders(status, 0);
    out.transferTo(exchange.getResponseBody());
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  /** A repository that a test fills. */
  public static final class Repository {
    private final Path work;
    private final List<String> init;

    private Repository(Path work, List<String> init) {
      this.work = work;
      this.init = List.copyOf(init);
    }

    /** A new one; it is served as {@code NAME/.git}, or under the name alone if that ends so. */
    public static Repository in(Path directory, String... init) throws Exception {
      Repository repository = new Repository(directory, List.of(init));
      Files.createDirectories(directory);
      repository.start();
      return repository;
    }

    private void start() throws Exception {
      List<String> arguments = new ArrayList<>(List.of("init", "-q", "-b", "main"));
      arguments.addAll(init);
      git(arguments.toArray(String[]::new));
    }

    /** One that is there. */
    static Repository at(Path directory) {
      return new Repository(directory, List.of());
    }

    /** A submodule as .gitmodules and the commit have it, without a clone of it. */
    Repository submodule(String url, String path, Path repository) throws Exception {
      Path file = work.resolve(".gitmodules");
      String before = Files.exists(file) ? Files.readString(file) : "";
      Files.writeString(
          file,
          before
              + "[submodule \""
              + path
              + "\"]\n\tpath = "
              + path
              + "\n\turl = \""
              + url
              + "\"\n");
      String id = at(repository).git("rev-parse", "HEAD").strip();
      git("update-index", "--add", "--cacheinfo", "160000," + id + "," + path);
      Files.createDirectories(work.resolve(path));
      return this;
    }

    public Path path() {
      return work;
    }

    public Repository write(String name, String content) throws IOException {
      Path file = work.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      return this;
    }

    /** Commits everything and returns the commit's id. */
    public String commit(String message) throws Exception {
      git("add", "--ignore-removal", ".");
      git("commit", "-q", "--allow-empty", "-m", message);
      return git("rev-parse", "HEAD").strip();
    }

    public String git(String... arguments) throws Exception {
      List<String> command = new ArrayList<>(List.of("git"));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
      builder.redirectErrorStream(true);
      Map<String, String> environment = builder.environment();
      environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
      environment.put("GIT_CONFIG_NOSYSTEM", "1");
      for (String who : List.of("AUTHOR", "COMMITTER")) {
        environment.put("GIT_" + who + "_NAME", "Test");
        environment.put("GIT_" + who + "_EMAIL", "test@localhost");
        environment.put("GIT_" + who + "_DATE", "1500000000 +0000");
      }
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + output);
      }
      return output;
    }
  }
}
