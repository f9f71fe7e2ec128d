package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ADD of files that web servers have. */
final class AddUrlTest {
  private static final Charset UTF = StandardCharsets.UTF_8;
  private static final byte[] BODY = "body".getBytes(UTF);
  private static final String SHA256 = Digest.sha256(BODY).toString();

  @TempDir Path directory;

  @Test
  void file_hasNameModeAndTime() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/dir/file.txt", "body")) {
      builds.build(
          "FROM busybox:test",
          "ADD " + server.url("/dir/file.txt?x=1#y") + " /to/",
          "RUN stat -c %n:%a:%u:%g:%Y /to/*");
      assertEquals(List.of("/to/file.txt:600:0:0:100"), builds.last().output());
      assertEquals(List.of("/dir/file.txt"), server.asked());
    }
  }

  @Test
  void unchangedFile_costsOneRequest_andNothingIsSent() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      server.on(
          "/f",
          exchange -> {
            exchange.getResponseHeaders().add("Last-Modified", "Thu, 01 Jan 1970 00:01:40 GMT");
            if (exchange.getRequestHeaders().containsKey("If-Modified-Since")) {
              exchange.sendResponseHeaders(304, -1);
            } else {
              sent.incrementAndGet();
              WebServer.send(exchange, BODY);
            }
          });
      String[] file = {"FROM scratch", "ADD " + server.url("/f") + " /f"};
      builds.build(file);
      builds.build(file);
      assertEquals(List.of(), builds.last().ran());
      assertEquals(List.of("/f", "/f"), server.asked());
      assertEquals(1, sent.get());
    }
  }

  @Test
  void changedFile_isFetched() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/f", "one")) {
      String[] file = {"FROM scratch", "ADD " + server.url("/f") + " /f"};
      builds.build(file);
      server.file("/f", "two");
      builds.build(file);
      assertEquals("two", builds.root().get("/f").content());
    }
  }

  @Test
  void serverThatIgnoresConditions_isBelievedItsEntityTag() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      AtomicInteger asked = new AtomicInteger();
      server.on(
          "/f",
          exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"same\"");
            WebServer.send(exchange, asked.getAndIncrement() == 0 ? BODY : "other".getBytes(UTF));
          });
      String[] file = {"FROM scratch", "ADD " + server.url("/f") + " /f"};
      builds.build(file);
      builds.build(file);
      assertEquals("body", builds.root().get("/f").content());
    }
  }

  @Test
  void checksum_savesTheRequest_andKeepsTheTime() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/f", "body").file("/g", "body")) {
      builds.build("FROM scratch", "ADD " + server.url("/f") + " /f");
      server.asked();
      builds.build(
          "FROM busybox:test",
          "ADD --checksum=" + SHA256 + " " + server.url("/f") + " /f",
          "ADD --checksum=" + SHA256 + " " + server.url("/g") + " /g",
          "RUN stat -c %n:%Y /f /g");
      assertEquals(List.of("/f:100", "/g:100"), builds.last().output());
      assertEquals(List.of("/g"), server.asked());
    }
  }

  @Test
  void checksum_ofWhatNobodyLookedAt_isNoWordOnLaterFetches() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/f", "body").file("/g", "other")) {
      builds.build("FROM scratch", "ADD " + server.url("/f") + " /f");
      builds.build("FROM scratch", "ADD --checksum=" + SHA256 + " " + server.url("/g") + " /g");
      builds.build("FROM scratch", "ADD " + server.url("/g") + " /g");
      assertEquals("other", builds.root().get("/g").content());
    }
  }

  @Test
  void fileOfTheSameSecond_isFetchedAgain() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      AtomicInteger sent = new AtomicInteger();
      server.on(
          "/f",
          exchange -> {
            exchange.getResponseHeaders().add("Last-Modified", "Thu, 01 Jan 2105 00:01:40 GMT");
            if (exchange.getRequestHeaders().containsKey("If-Modified-Since")) {
              exchange.sendResponseHeaders(304, -1);
            } else {
              WebServer.send(exchange, sent.getAndIncrement() == 0 ? BODY : "other".getBytes(UTF));
            }
          });
      String[] file = {"FROM scratch", "ADD " + server.url("/f") + " /f"};
      builds.build(file);
      builds.build(file);
      assertEquals("other", builds.root().get("/f").content());
    }
  }

  @ParameterizedTest
  @CsvSource({"SHA-256,sha256", "SHA-384,sha384", "SHA-512,sha512"})
  void checksum_ofEachKind(String algorithm, String name) throws Exception {
    String right =
        name
            + ":"
            + java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance(algorithm).digest(BODY));
    String wrong = right.substring(0, right.length() - 1) + (right.endsWith("0") ? "1" : "0");
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/f", "body")) {
      String url = server.url("/f");
      BuildfileException refused = fails(builds, "ADD --checksum=" + wrong + " " + url + " /f");
      assertEquals(
          "Buildfile:2: " + url + " has the checksum " + right + ", expected " + wrong,
          refused.getMessage());
      assertNothingKept(builds);
      builds.build("FROM scratch", "ADD " + url + " /f");
      builds.build("FROM scratch", "ADD --checksum=" + right + " " + url + " /f");
      assertEquals("body", builds.root().get("/f").content());
      fails(builds, "ADD --checksum=" + wrong + " " + url + " /f");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sha1:00, 'checksum \"sha1:00\": expected sha256:, sha384: or sha512:'",
    "sha256:00," + " 'checksum \"sha256:00\": expected 64 lower-case hex digits after the colon'",
  })
  void checksum_thatIsNone_isRefused(String checksum, String message) throws Exception {
    try (Builds builds = Builds.in(directory)) {
      assertEquals(
          "Buildfile:2: " + message,
          fails(builds, "ADD --checksum=" + checksum + " http://127.0.0.1:1/f /f").getMessage());
    }
  }

  @Test
  void secrets_goToTheirHostAlone() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      java.util.List<String> headers = new java.util.concurrent.CopyOnWriteArrayList<>();
      WebServer.Handler remember =
          exchange -> {
            headers.add(
                exchange.getRequestURI()
                    + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            if (exchange.getRequestURI().getPath().equals("/first")) {
              WebServer.redirect(exchange, "/second");
            } else if (exchange.getRequestURI().getPath().equals("/second")) {
              WebServer.redirect(exchange, server.otherUrl("/third"));
            } else {
              WebServer.send(exchange, BODY);
            }
          };
      server.on("/first", remember).on("/second", remember).on("/third", remember);
      builds.build(
          request ->
              request
                  .secret(
                      "HTTP_AUTH_HEADER_127.0.0.1", new SecretSource.OfBytes("X y".getBytes(UTF)))
                  .secret("HTTP_AUTH_TOKEN_other", new SecretSource.OfBytes(BODY)),
          "FROM scratch",
          "ADD " + server.url("/first") + " /f");
      assertEquals(List.of("/first X y", "/second X y", "/third null"), headers);
      headers.clear();
      builds.build(
          request -> request.secret("HTTP_AUTH_TOKEN_localhost", new SecretSource.OfBytes(BODY)),
          "FROM scratch",
          "ADD " + server.otherUrl("/third") + " /f");
      builds.build("FROM scratch", "ADD " + server.url("/third").replace("//", "//u:p@") + " /f");
      assertEquals(List.of("/third Bearer body", "/third Basic dTpw"), headers);
    }
  }

  @Test
  void serverError_isTriedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      server.on(
          "/f",
          exchange -> {
            if (asked.getAndIncrement() == 0) {
              exchange.sendResponseHeaders(500, -1);
            } else {
              WebServer.send(exchange, BODY);
            }
          });
      builds.build("FROM scratch", "ADD " + server.url("/f") + " /f");
      assertEquals("body", builds.root().get("/f").content());
      assertEquals(2, asked.get());
    }
  }

  @Test
  void whatCannotBeFetched_isToldInOneLine() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      server.on("/loop", exchange -> WebServer.redirect(exchange, "/loop"));
      server.on("/file", exchange -> WebServer.redirect(exchange, "file:///etc/passwd"));
      String url = server.url("/lost");
      assertEquals(
          "Buildfile:2: cannot fetch " + url + ": 404 not found",
          fails(builds, "ADD " + url + " /f").getMessage());
      assertTrue(
          fails(builds, "ADD " + server.url("/loop") + " /f")
              .getMessage()
              .endsWith("more than 10 redirects"));
      assertTrue(
          fails(builds, "ADD " + server.url("/file") + " /f")
              .getMessage()
              .endsWith("only http and https with a host name"));
      server.stop();
      assertEquals(
          "Buildfile:2: cannot fetch " + url + ": connection refused; gave up after 3 attempts",
          fails(builds, "ADD " + url + " /f").getMessage());
    }
  }

  @Test
  void downloadThatIsEnded_leavesNothing() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      server.on(
          "/f",
          exchange -> {
            exchange.sendResponseHeaders(200, 1 << 20);
            exchange.getResponseBody().write(new byte[1 << 19]);
            exchange.getResponseBody().flush();
            begun.countDown();
            await(over);
          });
      Thread builder = Thread.currentThread();
      Thread ender =
          new Thread(
              () -> {
                await(begun);
                builder.interrupt();
              });
      ender.start();
      assertThrows(
          InterruptedException.class,
          () -> builds.build("FROM scratch", "ADD " + server.url("/f") + " /f"));
      over.countDown();
      ender.join();
      assertNothingKept(builds);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b/, b",
    "/, __unnamed__",
    "/a/.., __unnamed__",
    "/a%2F..%2Fb, b",
    "/x%00y, __unnamed__",
    "/%C3%A9, é",
  })
  void name_isTheLastOfThePath(String path, String name) throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer()) {
      server.on(
          java.net.URI.create(path).getPath(),
          exchange -> {
            exchange.getResponseHeaders().add("Content-Disposition", "attachment; filename=../x");
            WebServer.send(exchange, BODY);
          });
      builds.build("FROM scratch", "ADD " + server.url(path) + " /to/");
      assertTrue(builds.root().containsKey("/to/" + name), () -> path);
    }
  }

  @Test
  void archives_areUnpackedByTheirKind() throws Exception {
    byte[] tar = ContextsTest.tar(true, "member", "x");
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/r.tgz", tar, "")) {
      Files.write(builds.context().resolve("l.tgz"), tar);
      String both = "l.tgz " + server.url("/r.tgz");
      builds.build(
          "FROM scratch",
          "ADD " + both + " /default/",
          "ADD --unpack=true " + both + " /yes/",
          "ADD --unpack=false " + both + " /no/");
      assertEquals(
          List.of(
              "/default",
              "/default/member",
              "/default/r.tgz",
              "/no",
              "/no/l.tgz",
              "/no/r.tgz",
              "/yes",
              "/yes/member"),
          builds.root().keySet().stream().filter(path -> !path.equals("/")).toList());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static BuildfileException fails(Builds builds, String line) {
    return assertThrows(BuildfileException.class, () -> builds.build("FROM scratch", line));
  }

  private static void assertNothingKept(Builds builds) throws IOException {
    try (Stream<Path> left = Files.list(builds.store().resolve("ingest"))) {
      assertEquals(List.of(), left.toList());
    }
    Path blob = builds.store().resolve("blobs/sha256/" + SHA256.substring("sha256:".length()));
    assertFalse(Files.exists(blob));
  }
}
