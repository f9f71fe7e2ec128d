package io.jbuild.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a push comes to when the registry lies, breaks or has limits. */
final class PushModesTest {
  private static final String TARGET = "team/new";

  private final ExecutorService executor = Executors.newFixedThreadPool(3);
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
    executor.shutdownNow();
    fixture.close();
  }

  private Repository target() throws IOException {
    return fixture.repository(TARGET);
  }

  private PushResult push(UploadMode mode, Optional<String> mountFrom) throws IOException {
    return target()
        .push(
            sample.largeLayer,
            () -> new ByteArrayInputStream(sample.large),
            mountFrom,
            mode,
            TransferListener.NONE);
  }

  private PushResult push() throws IOException {
    return push(UploadMode.WHOLE, Optional.empty());
  }

  private void assertStored() {
    Optional<byte[]> stored = fixture.memory.blob(TARGET, sample.largeLayer.digest());
    assertArrayEquals(sample.large, stored.orElseThrow());
  }

  @Test
  void image_blobsThenManifestThenTags() throws IOException {
    Descriptor pushed = sample.push("one", "two").to(target(), executor, TransferListener.NONE);
    assertEquals(sample.manifest.descriptor(), pushed);
    assertTrue(fixture.memory.hasManifest(TARGET, "one"));
    assertTrue(fixture.memory.hasManifest(TARGET, "two"));
    List<String> methods = server.seen().stream().map(r -> r.method() + r.path()).toList();
    int firstManifest = methods.indexOf("PUT/v2/" + TARGET + "/manifests/one");
    assertTrue(
        methods.subList(firstManifest, methods.size()).stream()
            .noneMatch(m -> m.contains("uploads")),
        methods.toString());
  }

  @Test
  void image_again_sendsNoBlob() throws IOException {
    sample.push("one").to(target(), executor, TransferListener.NONE);
    long posts = server.count("POST", "/uploads/");
    sample.push("one").to(target(), executor, TransferListener.NONE);
    assertEquals(posts, server.count("POST", "/uploads/"));
  }

  @Test
  void image_oneBlobRefused_putsNoManifestAndCancelsTheOthers() {
    String digest = sample.smallLayer.digest().hex();
    server.on(
        "PUT",
        digest,
        (r, reply) ->
            reply.send(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"quota\"}]}"));
    fixture.assertFails(
        "DENIED: quota", () -> sample.push("one").to(target(), executor, TransferListener.NONE));
    assertEquals(0, server.count("PUT", "/manifests/"));
  }

  @Test
  void blob_whole() throws IOException {
    assertEquals(PushResult.UPLOADED, push());
    assertStored();
    assertEquals(1, server.count("PUT", "/uploads/"));
    assertEquals(0, server.count("PATCH", "/uploads/"));
    assertEquals(PushResult.EXISTED, push());
  }

  @Test
  void blob_chunked() throws IOException {
    push(UploadMode.chunked(100_000), Optional.empty());
    assertStored();
    assertEquals(
        List.of("0-99999", "100000-199999", "200000-299999"),
        server.seen().stream()
            .filter(r -> r.method().equals("PATCH"))
            .map(r -> r.header("Content-Range"))
            .toList());
  }

  @Test
  void blob_chunked_respectsTheRegistrysMinimum() throws IOException {
    fixture.memory.openUpload("given");
    server.on(
        "POST",
        "/uploads/",
        (r, reply) ->
            reply.send(
                202,
                "",
                "Location: /v2/" + TARGET + "/blobs/uploads/given",
                "OCI-Chunk-Min-Length: 200000"));
    push(UploadMode.chunked(100_000), Optional.empty());
    assertStored();
    assertEquals(2, server.count("PATCH", "/uploads/"));
  }

  @Test
  void blob_empty() throws IOException {
    Descriptor empty = Descriptor.of("application/octet-stream", new byte[0]);
    target()
        .push(
            empty,
            () -> new ByteArrayInputStream(new byte[0]),
            Optional.empty(),
            UploadMode.WHOLE,
            TransferListener.NONE);
    assertTrue(fixture.memory.blob(TARGET, empty.digest()).isPresent());
  }

  @Test
  void blob_chunkOfOneByte() throws IOException {
    Descriptor one = Descriptor.of("application/octet-stream", new byte[] {7});
    target()
        .push(
            one,
            () -> new ByteArrayInputStream(new byte[] {7}),
            Optional.of("team/absent"),
            UploadMode.chunked(1),
            TransferListener.NONE);
    assertTrue(fixture.memory.blob(TARGET, one.digest()).isPresent());
  }

  @Test
  void blob_progress_reachesItsSize() throws IOException {
    long[] last = new long[1];
    TransferListener listener =
        new TransferListener() {
          @Override
          public void progress(Descriptor blob, long done, long total) {
            last[0] = done;
          }
        };
    target()
        .push(
            sample.largeLayer,
            () -> new ByteArrayInputStream(sample.large),
            Optional.empty(),
            UploadMode.WHOLE,
            listener);
    assertEquals(sample.large.length, last[0]);
  }

  @Test
  void mount_sendsNothing() throws IOException {
    assertEquals(PushResult.MOUNTED, push(UploadMode.WHOLE, Optional.of(Sample.REPOSITORY)));
    assertStored();
    assertEquals(0, server.count("PUT", "/uploads/"));
  }

  @Test
  void mount_refusedBy202_uploadsInThatSession() throws IOException {
    assertEquals(PushResult.UPLOADED, push(UploadMode.WHOLE, Optional.of("team/unknown")));
    assertStored();
    assertEquals(1, server.count("POST", "/uploads/"));
  }

  @Test
  void mount_refusedByAnError_uploads() throws IOException {
    server.on("POST", "mount=", (r, reply) -> reply.send(403, ""));
    assertEquals(PushResult.UPLOADED, push(UploadMode.WHOLE, Optional.of(Sample.REPOSITORY)));
    assertStored();
  }

  @Test
  void mount_saysYesButBlobIsAbsent_uploads() throws IOException {
    server.on("POST", "mount=", (r, reply) -> reply.send(201, "", "Location: /x"));
    assertEquals(PushResult.UPLOADED, push(UploadMode.WHOLE, Optional.of(Sample.REPOSITORY)));
    assertStored();
  }

  @Test
  void location_onAnotherHost_getsNothing() {
    server.on(
        "POST",
        "/uploads/",
        (r, reply) ->
            reply.send(202, "", "Location: " + fixture.elsewhere.url() + "/v2/x/blobs/uploads/1"));
    fixture.assertFails("not to the registry", this::push);
    assertEquals(0, fixture.elsewhere.seen().size());
  }

  @Test
  void location_missingOrStrange_isAnError() {
    for (String location : List.of("", "file:///tmp/x", "http://[", "http://u:p@127.0.0.1/")) {
      server.on("POST", "/uploads/", 1, (r, reply) -> reply.send(202, "", "Location: " + location));
      fixture.assertFails("", this::push);
    }
    assertEquals(0, server.count("PUT", "/"));
  }

  @Test
  void upload_redirectedToAnotherHost_isRefused() {
    server.on(
        "PUT",
        "/uploads/",
        (r, reply) -> reply.send(307, "", "Location: " + fixture.elsewhere.url() + r.target()));
    fixture.assertFails("an upload does not follow it", this::push);
    assertEquals(0, fixture.elsewhere.seen().size());
  }

  @Test
  void put_storedDigestDiffers_isAnError() {
    server.on(
        "PUT",
        "/uploads/",
        (r, reply) -> reply.send(201, "", "Docker-Content-Digest: " + sample.smallLayer.digest()));
    fixture.assertFails("the registry stored sha256:", this::push);
  }

  @Test
  void put_serverError_isSentAgain() throws IOException {
    server.on("PUT", "/uploads/", 2, (r, reply) -> reply.send(500, ""));
    push();
    assertStored();
    assertEquals(3, server.count("PUT", "/uploads/"));
  }

  @Test
  void put_cut_goesOnWhereTheRegistryIs() throws IOException {
    server.on(
        "PUT",
        "/uploads/",
        1,
        (r, reply) -> {
          fixture.memory.receive(r.target(), Arrays.copyOf(r.body(), 120_000));
          reply.reset();
        });
    push();
    assertStored();
    assertEquals(1, server.count("GET", "/uploads/"));
    assertEquals(
        "120000-299999",
        server.seen().stream()
            .filter(r -> r.method().equals("PATCH"))
            .findFirst()
            .orElseThrow()
            .header("Content-Range"));
  }

  @Test
  void patch_keptInPart_goesOnWhereTheRegistryIs() throws IOException {
    server.on(
        "PATCH",
        "/uploads/",
        1,
        (r, reply) -> {
          fixture.memory.receive(r.target(), Arrays.copyOf(r.body(), 40_000));
          reply.send(202, "", "Location: " + r.target(), "Range: 0-39999");
        });
    push(UploadMode.chunked(100_000), Optional.empty());
    assertStored();
  }

  @Test
  void patch_nothingKeptForEver_givesUp() {
    server.on(
        "PATCH",
        "/uploads/",
        (r, reply) -> reply.send(202, "", "Location: " + r.target(), "Range: 0-0"));
    fixture.assertFails("gave up", () -> push(UploadMode.chunked(100_000), Optional.empty()));
    assertEquals(6, server.count("PATCH", "/uploads/"));
  }

  @Test
  void patch_moreThanSent_isAnError() {
    server.on(
        "PATCH",
        "/uploads/",
        (r, reply) -> reply.send(202, "", "Location: " + r.target(), "Range: 0-999999"));
    fixture.assertFails(
        "only 100000 were sent", () -> push(UploadMode.chunked(100_000), Optional.empty()));
  }

  @Test
  void patch_rangeNotSatisfiable_asksWhereTheRegistryIs() throws IOException {
    server.on("PATCH", "/uploads/", 1, (r, reply) -> reply.send(416, ""));
    push(UploadMode.chunked(100_000), Optional.empty());
    assertStored();
  }

  @Test
  void session_forgotten_beginsAnew() throws IOException {
    server.on(
        "PATCH",
        "/uploads/",
        1,
        (r, reply) -> {
          fixture.memory.forgetUploads();
          fixture.memory.handle(r, reply);
        });
    push(UploadMode.chunked(100_000), Optional.empty());
    assertStored();
    assertEquals(2, server.count("POST", "/uploads/"));
  }

  @Test
  void session_alwaysForgotten_givesUp() {
    server.on("PUT", "/uploads/", (r, reply) -> reply.send(404, ""));
    fixture.assertFails("404", this::push);
    assertEquals(6, server.count("PUT", "/uploads/"));
  }

  @Test
  void put_tooLarge_isSentInPieces() throws IOException {
    byte[] bytes = Sample.random(9, 5 << 20);
    Descriptor blob = Descriptor.of("application/octet-stream", bytes);
    for (String method : List.of("PUT", "PATCH")) {
      server.onlyIf(method, r -> r.body().length > 3 << 20, (r, reply) -> reply.send(413, ""));
    }
    target()
        .push(
            blob,
            () -> new ByteArrayInputStream(bytes),
            Optional.empty(),
            UploadMode.WHOLE,
            TransferListener.NONE);
    assertArrayEquals(bytes, fixture.memory.blob(TARGET, blob.digest()).orElseThrow());
  }

  @Test
  void put_tooLargeAndCutWhileItIsSent_isSentInPieces() throws IOException {
    byte[] bytes = Sample.random(9, 20 << 20); // more than the sockets' buffers take
    Descriptor blob = Descriptor.of("application/octet-stream", bytes);
    server.refuseBodiesOver(6 << 20);
    target()
        .push(
            blob,
            () -> new ByteArrayInputStream(bytes),
            Optional.empty(),
            UploadMode.WHOLE,
            TransferListener.NONE);
    assertArrayEquals(bytes, fixture.memory.blob(TARGET, blob.digest()).orElseThrow());
  }

  @Test
  void interrupt_endsAnUpload() throws Exception {
    byte[] bytes = Sample.random(9, 20 << 20);
    Descriptor blob = Descriptor.of("application/octet-stream", bytes);
    CountDownLatch sending = new CountDownLatch(1);
    server.on(
        "POST",
        "/uploads/",
        (r, reply) -> {
          fixture.memory.handle(r, reply);
          sending.countDown();
          reply.hang(); // reads nothing of the body that comes on this connection
        });
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread pusher =
        new Thread(
            () -> {
              try {
                target()
                    .push(
                        blob,
                        () -> new ByteArrayInputStream(bytes),
                        Optional.empty(),
                        UploadMode.WHOLE,
                        TransferListener.NONE);
              } catch (IOException e) {
                thrown.set(e);
              }
            });
    pusher.start();
    sending.await();
    pusher.interrupt();
    pusher.join();
    assertTrue(thrown.get() instanceof InterruptedIOException, String.valueOf(thrown.get()));
  }

  @Test
  void put_tooLargeHoweverSmall_saysWho() {
    server.on("PUT", "/uploads/", (r, reply) -> reply.send(413, ""));
    fixture.assertFails("limits the size of uploads", this::push);
  }

  @Test
  void registry_readOnly_isAnErrorAtOnce() {
    server.on(
        "POST",
        "/uploads/",
        (r, reply) ->
            reply.send(405, "{\"errors\":[{\"code\":\"UNSUPPORTED\",\"message\":\"read-only\"}]}"));
    fixture.assertFails("405 method not allowed: UNSUPPORTED: read-only", this::push);
    assertEquals(1, server.count("POST", "/uploads/"));
  }

  @Test
  void digest_refused_isAnErrorAtOnce() {
    byte[] other = sample.large.clone();
    other[0] ^= 1;
    fixture.assertFails(
        "DIGEST_INVALID",
        () ->
            target()
                .push(
                    sample.largeLayer,
                    () -> new ByteArrayInputStream(other),
                    Optional.empty(),
                    UploadMode.WHOLE,
                    TransferListener.NONE));
    assertEquals(1, server.count("PUT", "/uploads/"));
  }

  @Test
  void source_short_isAnErrorOfOurs() {
    fixture.assertFails(
        "read what is to be uploaded",
        () ->
            target()
                .push(
                    sample.largeLayer,
                    () -> new ByteArrayInputStream(new byte[10]),
                    Optional.empty(),
                    UploadMode.WHOLE,
                    TransferListener.NONE));
    assertEquals(1, server.count("POST", "/uploads/"));
  }

  @Test
  void upload_unauthorizedInTheMiddle_renewsAndGoesOn() throws IOException {
    AuthScripts.basic(server);
    push(UploadMode.chunked(100_000), Optional.empty());
    assertStored();
  }

  @Test
  void upload_answerNever_isTriedAgainAndGivenUp() {
    java.time.Duration second = java.time.Duration.ofSeconds(1);
    fixture.impatient();
    fixture.with(fixture.settings().withRetry(new RetryPolicy(1, second, second, second)));
    server.on("PUT", "/uploads/", (r, reply) -> reply.hang());
    fixture.assertFails("gave up after 2 attempts", this::push);
  }

  @Test
  void manifest_storedDigestDiffers_isAnError() throws IOException {
    server.on(
        "PUT",
        "/manifests/",
        (r, reply) -> reply.send(201, "", "Docker-Content-Digest: " + sample.smallLayer.digest()));
    fixture.assertFails(
        "the registry stored sha256:", () -> target().put(sample.manifest, List.of("x")));
  }

  @Test
  void manifest_acceptedButAbsent_isAnError() throws IOException {
    server.on("PUT", "/manifests/", (r, reply) -> reply.send(201, ""));
    fixture.assertFails(
        "accepted, but the registry does not have it",
        () -> target().put(sample.manifest, List.of("x")));
    assertFalse(fixture.memory.hasManifest(TARGET, "x"));
  }

  @Test
  void manifest_serverError_isSentAgain() throws IOException {
    server.on("PUT", "/manifests/", 1, (r, reply) -> reply.send(503, "", "Retry-After: 1"));
    target().put(sample.manifest, List.of("x"));
    assertTrue(fixture.memory.hasManifest(TARGET, "x"));
  }
}
