package io.jbuild.registry;

import static io.jbuild.registry.Fixture.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pull comes to when the registry lies, breaks or dawdles. */
final class PullModesTest {
  private Fixture fixture;
  private ScriptedServer server;
  private Sample sample;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
    server = fixture.server;
    sample = fixture.sample;
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    copy[copy.length / 2] ^= 1;
    return copy;
  }

  private static String type(String value) {
    return "Content-Type: " + value;
  }

  @Test
  void pull_singleManifest() throws IOException {
    PulledImage image = fixture.repository().pull("single", Sample.AMD64);
    assertArrayEquals(sample.manifest.bytes(), image.resolved().bytes());
    assertArrayEquals(sample.config, image.configBytes());
    assertTrue(image.index().isEmpty());
    fixture.assertBlobsArrive();
  }

  @Test
  void pull_indexByTagAndByDigest() throws IOException {
    PulledImage image = fixture.repository().pull("multi", Sample.AMD64);
    assertEquals(sample.manifest.descriptor().digest(), image.resolved().descriptor().digest());
    assertEquals(
        sample.index.descriptor().digest(), image.index().orElseThrow().descriptor().digest());
    String digest = sample.index.descriptor().digest().toString();
    assertArrayEquals(
        sample.manifest.bytes(),
        fixture.repository().pull(digest, Sample.AMD64).resolved().bytes());
  }

  @Test
  void pull_platformMissing_listsThoseThatAreThere() {
    IOException failure =
        assertThrows(
            IOException.class,
            () -> fixture.repository().pull("multi", Platform.of("linux", "s390x")));
    assertTrue(message(failure).contains("linux/s390x"), message(failure));
    assertTrue(message(failure).contains("linux/amd64"), message(failure));
  }

  @Test
  void blob_altered_isRefused() {
    server.on("GET", "/blobs/", (r, reply) -> reply.send(200, flipped(sample.large)));
    fixture.assertBlobFails("the blob has digest sha256:");
  }

  @Test
  void blob_altered_neverYieldsItsLastByte() throws IOException {
    server.on("GET", "/blobs/", (r, reply) -> reply.send(200, flipped(sample.large)));
    try (InputStream in = fixture.repository().blob(sample.largeLayer, TransferListener.NONE)) {
      assertThrows(IOException.class, () -> in.readNBytes(sample.large.length));
    }
  }

  @Test
  void config_altered_isRefused() {
    server.on("GET", "/blobs/", (r, reply) -> reply.send(200, flipped(sample.config)));
    fixture.assertPullFails("single", "the blob has digest sha256:");
  }

  @Test
  void manifestByDigest_altered_isRefused() {
    byte[] other =
        new String(sample.manifest.bytes(), StandardCharsets.UTF_8)
            .replace("}]}", "}] }")
            .getBytes(StandardCharsets.UTF_8);
    server.on(
        "GET",
        "/manifests/sha256",
        (r, reply) -> reply.send(200, other, type(MediaTypes.OCI_MANIFEST)));
    fixture.assertPullFails("multi", "the manifest has digest");
  }

  @Test
  void manifestByTag_digestHeaderLies_isRefused() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) ->
            reply.send(
                200,
                sample.manifest.bytes(),
                type(MediaTypes.OCI_MANIFEST),
                "Docker-Content-Digest: " + sample.largeLayer.digest()));
    fixture.assertPullFails("single", "announced as sha256:");
  }

  @Test
  void manifest_html_isRefused() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> reply.send(200, "<html>log in</html>", type("text/html; charset=utf-8")));
    fixture.assertPullFails("single", "login page");
  }

  @Test
  void manifest_contentTypeAndBodyDisagree_isRefused() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> reply.send(200, sample.manifest.bytes(), type(MediaTypes.DOCKER_MANIFEST)));
    fixture.assertPullFails("single", "announced as");
  }

  @Test
  void manifest_manifestAndIndexAtOnce_isRefused() {
    String both =
        new String(sample.manifest.bytes(), StandardCharsets.UTF_8)
            .replaceFirst("\\{", "{\"manifests\":[],");
    server.on(
        "GET", "/manifests/", (r, reply) -> reply.send(200, both, type(MediaTypes.OCI_MANIFEST)));
    fixture.assertPullFails("single", "belongs to another kind");
  }

  @Test
  void manifest_schema1_isRefusedByName() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) ->
            reply.send(
                200, "{}", type("application/vnd.docker.distribution.manifest.v1+prettyjws")));
    fixture.assertPullFails("single", "schema 1");
  }

  @Test
  void manifest_tooLarge_isRefusedUnread() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> {
          reply.head(200, type(MediaTypes.OCI_MANIFEST), "Content-Length: 5000000000");
          reply.hang();
        });
    fixture.assertPullFails("single", "the limit is 4194304");
  }

  @Test
  void manifest_endless_stopsAtTheLimit() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> {
          reply.head(200, type(MediaTypes.OCI_MANIFEST));
          endless(reply);
        });
    fixture.assertPullFails("single", "longer than 4194304 bytes");
  }

  private static void endless(ScriptedServer.Reply reply) throws IOException {
    while (true) {
      reply.write(new byte[64 * 1024]);
    }
  }

  @Test
  void manifest_contentEncoding_isRefused() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) ->
            reply.send(
                200,
                sample.manifest.bytes(),
                type(MediaTypes.OCI_MANIFEST),
                "Content-Encoding: gzip"));
    fixture.assertPullFails("single", "Content-Encoding");
  }

  @Test
  void blob_contentEncoding_isRefused() {
    server.on(
        "GET", "/blobs/", (r, reply) -> reply.send(200, sample.large, "Content-Encoding: gzip"));
    fixture.assertBlobFails("Content-Encoding");
    assertEquals("identity", server.seen().get(0).header("Accept-Encoding"));
  }

  @Test
  void manifest_missing_saysWhatToCheck() {
    IOException failure = fixture.assertPullFails("nope", "404 not found: MANIFEST_UNKNOWN");
    assertTrue(((RegistryException) failure).isNotFound());
    assertEquals("MANIFEST_UNKNOWN", ((RegistryException) failure).codes().get(0).code());
    assertEquals(1, server.seen().size());
  }

  @Test
  void manifest_head() throws IOException {
    Repository repository = fixture.repository();
    assertEquals(
        sample.manifest.descriptor().digest(), repository.head("single").orElseThrow().digest());
    assertTrue(repository.head("nope").isEmpty());
  }

  @Test
  void blob_longer_stopsOneByteAfterItsSize() {
    server.on(
        "GET",
        "/blobs/",
        (r, reply) -> {
          reply.head(200);
          reply.write(sample.large);
          endless(reply);
        });
    fixture.assertBlobFails("longer than the 300000 bytes");
  }

  @Test
  void blob_lengthHeaderDisagrees_isRefusedUnread() {
    server.on(
        "GET",
        "/blobs/",
        1,
        (r, reply) -> {
          reply.head(200, "Content-Length: 300001");
          reply.hang();
        });
    fixture.assertBlobFails("announced 300001 bytes, expected 300000");
  }

  @Test
  void blob_withoutLength_arrives() throws IOException {
    server.on(
        "GET",
        "/blobs/",
        (r, reply) -> {
          reply.head(200);
          reply.write(sample.large);
          reply.end();
        });
    fixture.assertBlobsArrive();
  }

  @Test
  void blob_chunked_arrives() throws IOException {
    server.on(
        "GET",
        "/blobs/",
        (r, reply) -> {
          reply.head(200, "Transfer-Encoding: chunked");
          reply.write(
              String.format("%x\r\n", sample.large.length).getBytes(StandardCharsets.US_ASCII));
          reply.write(sample.large);
          reply.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
    fixture.assertBlobsArrive();
  }

  @Test
  void blob_empty_arrives() throws IOException {
    fixture.memory.addBlob(Sample.REPOSITORY, new byte[0]);
    assertEquals(0, fixture.read(Descriptor.of(MediaTypes.OCI_LAYER, new byte[0])).length);
  }

  private void cutFirst(int bytes, boolean reset) {
    server.on(
        "GET",
        "/blobs/",
        1,
        (r, reply) -> {
          reply.head(200, "Content-Length: 300000");
          reply.write(Arrays.copyOf(sample.large, bytes));
          fixture.awaitReceived(bytes);
          if (reset) {
            reply.reset();
          } else {
            reply.end();
          }
        });
  }

  @Test
  void blob_cut_isResumedWhereItEnded() throws IOException {
    cutFirst(100_000, false);
    fixture.assertBlobsArrive();
    assertEquals("bytes=100000-", server.seen().get(1).header("Range"));
  }

  @Test
  void blob_reset_isResumed() throws IOException {
    cutFirst(100_000, true);
    fixture.assertBlobsArrive();
    assertEquals(2, server.seen().size());
  }

  @Test
  void blob_cutAndRangeIgnored_isReadFromTheStartNeverAppended() throws IOException {
    cutFirst(100_000, false);
    server.on("GET", "/blobs/", (r, reply) -> reply.send(200, sample.large));
    fixture.assertBlobsArrive();
  }

  @Test
  void blob_cutAndWrongRange_isReadFromTheStart() throws IOException {
    cutFirst(100_000, false);
    server.on(
        "GET",
        "/blobs/",
        1,
        (r, reply) ->
            reply.send(
                206,
                Arrays.copyOfRange(sample.large, 99_999, 300_000),
                "Content-Range: bytes 99999-299999/300000"));
    fixture.assertBlobsArrive();
    assertEquals("", server.seen().get(2).header("Range"));
  }

  @Test
  void blob_cutAndRangeNotSatisfiable_isReadFromTheStart() throws IOException {
    cutFirst(100_000, false);
    server.on("GET", "/blobs/", 1, (r, reply) -> reply.send(416, ""));
    fixture.assertBlobsArrive();
  }

  @Test
  void blob_cutAndContinuedWithOtherBytes_isRefused() {
    cutFirst(100_000, false);
    byte[] other = flipped(sample.large);
    server.on(
        "GET",
        "/blobs/",
        (r, reply) ->
            reply.send(
                206,
                Arrays.copyOfRange(other, 100_000, 300_000),
                "Content-Range: bytes 100000-299999/300000"));
    fixture.assertBlobFails("the blob has digest");
  }

  @Test
  void blob_cutAgainAndAgainWithoutProgress_givesUp() {
    server.on(
        "GET",
        "/blobs/",
        (r, reply) -> {
          reply.head(200, "Content-Length: 300000");
          reply.write(Arrays.copyOf(sample.large, 10));
          reply.end();
        });
    fixture.assertBlobFails("");
    // Each of four tries, and the HTTP client may see the end before the header and try again.
    long tries = server.seen().size();
    assertTrue(tries >= 4 && tries <= 24, "tries: " + tries);
  }

  @Test
  void blob_cutManyTimesWithProgress_arrives() throws IOException {
    server.on(
        "GET",
        "/blobs/",
        14,
        (r, reply) -> {
          String range = r.header("Range").replaceAll("[^0-9]", "");
          int from = range.isEmpty() ? 0 : Integer.parseInt(range);
          reply.head(
              from == 0 ? 200 : 206,
              "Content-Length: " + (300_000 - from),
              "Content-Range: bytes " + from + "-299999/300000");
          reply.write(Arrays.copyOfRange(sample.large, from, from + 20_000));
          fixture.awaitReceived(from + 20_000);
          reply.end();
        });
    fixture.assertBlobsArrive();
    assertEquals(15, server.seen().size());
  }

  @Test
  void blob_stalls_isResumed() throws IOException {
    fixture.impatient();
    server.on(
        "GET",
        "/blobs/",
        1,
        (r, reply) -> {
          reply.head(200, "Content-Length: 300000");
          reply.write(Arrays.copyOf(sample.large, 50_000));
          reply.hang();
        });
    fixture.assertBlobsArrive();
    assertTrue(server.count("GET", "/blobs/") >= 2);
  }

  @Test
  void blob_slowerThanAKibibytePerSecond_isResumed() throws IOException {
    fixture.impatient();
    server.on(
        "GET",
        "/blobs/",
        1,
        (r, reply) -> {
          reply.head(200, "Content-Length: 300000");
          reply.dribble(sample.large);
        });
    fixture.assertBlobsArrive();
    assertTrue(server.count("GET", "/blobs/") >= 2);
    assertTrue(
        fixture.notices.stream().anyMatch(n -> n.contains("too slow")), fixture.notices.toString());
  }

  @Test
  void answer_never_isTriedAgainAndGivenUp() {
    Duration second = Duration.ofSeconds(1);
    fixture.impatient();
    fixture.with(fixture.settings().withRetry(new RetryPolicy(1, second, second, second)));
    server.on("GET", "/manifests/", (r, reply) -> reply.hang());
    fixture.assertPullFails("single", "no answer for 300 ms; gave up after 2 attempts");
    assertEquals(2, server.seen().size());
    assertEquals(1, fixture.clock.sleeps.size());
  }

  @Test
  void serverError_thenFine_isRetried() throws IOException {
    for (int status : new int[] {500, 502, 503, 504, 408}) {
      server.on("GET", "/manifests/single", 1, (r, reply) -> reply.send(status, "{}"));
    }
    fixture.repository().pull("single", Sample.AMD64);
    assertEquals(6, server.count("GET", "/manifests/"));
  }

  @Test
  void serverError_forEver_givesUpWithStatusHostAndRequestId() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) ->
            reply.send(503, "{\"errors\":[{\"code\":\"UNAVAILABLE\"}]}", "X-Request-Id: abc-1"));
    IOException failure = fixture.assertPullFails("single", "503 unavailable: UNAVAILABLE");
    assertTrue(message(failure).contains(server.host()), message(failure));
    assertTrue(message(failure).contains("[request abc-1]"), message(failure));
    assertEquals(6, server.seen().size());
  }

  @Test
  void tooManyRequests_seconds_waitsAsLongAsAsked() throws IOException {
    server.on("GET", "/manifests/single", 1, (r, reply) -> reply.send(429, "{}", "Retry-After: 7"));
    fixture.repository().pull("single", Sample.AMD64);
    Duration wait = fixture.clock.sleeps.get(0);
    assertTrue(wait.compareTo(Duration.ofSeconds(7)) >= 0, wait.toString());
    assertTrue(fixture.notices.get(0).contains("429"), fixture.notices.toString());
  }

  @Test
  void tooManyRequests_date_waitsUntilThen() throws IOException {
    server.on(
        "GET",
        "/manifests/single",
        1,
        (r, reply) -> reply.send(429, "{}", "Retry-After: Thu, 01 Jan 2026 00:00:20 GMT"));
    fixture.repository().pull("single", Sample.AMD64);
    Duration wait = fixture.clock.sleeps.get(0);
    assertTrue(wait.compareTo(Duration.ofSeconds(20)) >= 0, wait.toString());
  }

  @Test
  void tooManyRequests_hugeWait_failsAtOnceAndNamesIt() {
    server.on("GET", "/manifests/", (r, reply) -> reply.send(429, "{}", "Retry-After: 999999"));
    fixture.assertPullFails("single", "wait 999999 s");
    assertEquals(List.of(), fixture.clock.sleeps);
  }

  @Test
  void connectionRefused_givesUpInWords() throws IOException {
    fixture.server.close();
    fixture.assertPullFails("single", "gave up after 3 attempts");
  }

  @Test
  void connectionResetBeforeTheAnswer_isRetried() throws IOException {
    server.on("GET", "/manifests/", 2, (r, reply) -> reply.reset());
    fixture.repository().pull("single", Sample.AMD64);
  }

  @Test
  void notHttp_isAnError() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> {
          reply.write("SSH-2.0-OpenSSH_9.2p1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          reply.end();
        });
    fixture.assertPullFails("single", "GET http://127.0.0.1");
  }

  @Test
  void hugeHeader_isAnError() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> {
          reply.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
          byte[] line =
              ("X-Filler: " + "x".repeat(8000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
          for (int i = 0; i < 1000; i++) {
            reply.write(line);
          }
          reply.end();
        });
    fixture.assertPullFails("single", "GET http://127.0.0.1");
  }

  @Test
  void errorText_hostile_isEscapedAndCut() {
    String hostile = "\\u001b[31mred\\r\\nfake line" + "x".repeat(200_000);
    server.on(
        "GET",
        "/manifests/",
        (r, reply) ->
            reply.send(
                403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"" + hostile + "\"}]}"));
    fixture.assertPullFails("single", "403 denied");
    server.on(
        "GET",
        "/blobs/",
        (r, reply) ->
            reply.send(
                403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\\u001b[31mx\\r\\ny\"}]}"));
    fixture.assertBlobFails("DENIED: \\u{1b}[31mx\\r\\ny");
  }

  @Test
  void errorBody_endless_isNotRead() {
    server.on(
        "GET",
        "/manifests/",
        (r, reply) -> {
          reply.head(403);
          endless(reply);
        });
    fixture.assertPullFails("single", "403 denied");
  }

  @Test
  void redirect_toAnotherOrigin_isFollowedWithoutCredentials() throws IOException {
    AuthScripts.basic(server);
    String blob = "/blobs/" + sample.largeLayer.digest();
    server.on(
        "GET",
        blob,
        (r, reply) ->
            reply.send(307, "", "Location: " + fixture.elsewhere.url() + r.target() + "?sig=abc"));
    fixture.assertBlobsArrive();
    assertEquals(1, fixture.elsewhere.seen().size()); // close() checks that nothing leaked
  }

  @Test
  void redirect_withinTheOrigin_keepsCredentials() throws IOException {
    AuthScripts.basic(server);
    server.on(
        "GET",
        "/v2/team/app/blobs/",
        1,
        (r, reply) ->
            reply.send(
                302, "", "Location: /v2/team/app/blobs/" + sample.largeLayer.digest() + "?x=1"));
    fixture.assertBlobsArrive();
  }

  @Test
  void redirect_challengeElsewhere_getsNoCredentials() {
    AuthScripts.basic(fixture.elsewhere);
    server.on(
        "GET",
        "/blobs/",
        (r, reply) -> reply.send(307, "", "Location: " + fixture.elsewhere.url() + r.target()));
    fixture.assertBlobFails("401");
  }

  @Test
  void redirect_loop_ends() {
    server.on("GET", "/blobs/", (r, reply) -> reply.send(302, "", "Location: " + r.target()));
    fixture.assertBlobFails("more than 10 redirects");
    assertEquals(11, server.seen().size());
  }

  @Test
  void redirect_otherSchemes_areRefused() {
    for (String location : List.of("file:///etc/passwd", "jar:http://x!/y", "ftp://x/y", "")) {
      server.on("GET", "/blobs/", 1, (r, reply) -> reply.send(302, "", "Location: " + location));
      fixture.assertBlobFails("");
    }
    assertEquals(4, server.seen().size());
  }

  @Test
  void redirect_withUser_isRefusedAndNotShown() {
    server.on(
        "GET",
        "/blobs/",
        (r, reply) ->
            reply.send(302, "", "Location: http://u:hunter2@" + fixture.elsewhere.host() + "/x"));
    IOException failure = fixture.assertBlobFails("carries a user name");
    assertTrue(!message(failure).contains("hunter2"), message(failure));
  }

  @Test
  void redirect_signedAddressFails_signatureIsNotShown() {
    server.on(
        "GET",
        "/blobs/",
        (r, reply) ->
            reply.send(
                307, "", "Location: " + fixture.elsewhere.url() + "/x?X-Amz-Signature=topsecret"));
    IOException failure = fixture.assertBlobFails("404");
    assertTrue(!message(failure).contains("topsecret"), message(failure));
  }

  @Test
  void tags_pages() throws IOException {
    server.on(
        "GET",
        "/tags/list",
        1,
        (r, reply) ->
            reply.send(
                200,
                "{\"tags\":[\"zero\"]}",
                "Link: </v2/team/app/tags/list?last=zero>; rel=\"next\""));
    assertEquals(List.of("zero", "one", "two"), fixture.repository().tags());
  }

  @Test
  void tags_endless_ends() {
    server.on(
        "GET",
        "/tags/list",
        (r, reply) ->
            reply.send(200, "{\"tags\":[\"a\"]}", "Link: <" + r.path() + "?n=1>; rel=\"next\""));
    fixture.assertFails("does not end", () -> fixture.repository().tags());
    assertTrue(server.seen().size() <= 3);
  }

  @Test
  void mirror_first_thenTheRegistry() throws IOException {
    fixture.with(fixture.settings().withMirrors(server.host(), List.of(fixture.elsewhere.host())));
    fixture.repository().pull("single", Sample.AMD64);
    assertEquals(0, server.seen().size());
    fixture.elsewhere.on("GET", "/blobs/", (r, reply) -> reply.send(404, ""));
    fixture.assertBlobsArrive();
    assertEquals(1, server.seen().size());
  }

  @Test
  void descriptor_sizeWrong_isRefused() {
    Digest digest = sample.largeLayer.digest();
    Descriptor shorter = Descriptor.of(MediaTypes.OCI_LAYER, digest, sample.large.length - 1);
    fixture.assertFails("announced 300000 bytes", () -> fixture.read(shorter));
    fixture.assertFails("bytes of it", () -> fixture.repository().hasBlob(shorter));
  }

  @Test
  void interrupt_endsARead() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    server.on(
        "GET",
        "/blobs/",
        (r, reply) -> {
          reply.head(200, "Content-Length: 300000");
          reply.write(new byte[1000]);
          hanging.countDown();
          reply.hang();
        });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                fixture.read(sample.largeLayer);
              } catch (IOException e) {
                thrown.set(e);
              }
            });
    reader.start();
    hanging.await();
    reader.interrupt();
    reader.join();
    assertTrue(thrown.get() instanceof InterruptedIOException);
    assertEquals(1, server.seen().size(), "an interrupted read is not tried again");
  }
}
