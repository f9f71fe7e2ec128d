package io.jbuild.registry;

import static io.jbuild.registry.Fixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.registry.credentials.Credential;
import io.jbuild.registry.credentials.CredentialSource;
import io.jbuild.registry.credentials.DockerConfig;
import io.jbuild.registry.http.RefusedAddressException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets which credential, and how often anybody is asked. */
final class AuthModesTest {
  @TempDir Path folder;
  private Fixture fixture;
  private ScriptedServer server;
  private final AtomicInteger minted = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
    server = fixture.server;
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
  }

  /** Bearer tokens {@code t1}, {@code t2}, … at /token; the last one minted is valid. */
  private void bearer(String expiresIn) {
    server.on(
        "GET",
        "/token",
        (r, reply) -> {
          String answer = "{\"token\":\"t" + minted.incrementAndGet() + "\"" + expiresIn + "}";
          reply.send(200, answer);
        });
    challenge(server.url() + "/token");
  }

  private void challenge(String realm) {
    for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
      server.onlyIf(
          method,
          r -> !r.header("Authorization").equals("Bearer t" + minted.get()),
          (r, reply) ->
              reply.send(
                  401,
                  "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}",
                  "WWW-Authenticate: Bearer realm=\""
                      + realm
                      + "\",service=\"reg, \\\"x\\\"\""
                      + ",scope=\"repository:secret/other:pull\""));
    }
  }

  private void anonymous() {
    fixture.with(fixture.settings().withCredentials(CredentialSource.ANONYMOUS));
  }

  @Test
  void bearer_tokenIsFetchedOnceForOneScope() throws IOException {
    bearer(",\"expires_in\":300");
    fixture.repository().pull("single", Sample.AMD64);
    fixture.assertBlobsArrive();
    assertEquals(1, minted.get());
    ScriptedServer.Seen asked =
        server.seen().stream().filter(r -> r.path().equals("/token")).findFirst().orElseThrow();
    assertEquals("repository:team/app:pull", asked.query("scope"), "ours, not the challenge's");
    assertEquals("reg, \"x\"", asked.query("service"));
    assertEquals(Fixture.LOGIN.basic(), asked.header("Authorization"));
    long refused = server.seen().stream().filter(r -> r.header("Authorization").isEmpty()).count();
    assertEquals(1, refused, "later requests bring their token at once");
  }

  @Test
  void bearer_anonymous_sendsNoCredential() throws IOException {
    anonymous();
    bearer("");
    fixture.repository().pull("single", Sample.AMD64);
    assertTrue(
        server.seen().stream().noneMatch(r -> r.header("Authorization").startsWith("Basic")));
  }

  @Test
  void bearer_otherRepository_getsItsOwnToken() throws IOException {
    bearer(",\"expires_in\":300");
    fixture.repository("team/app").head("single");
    fixture.repository("team/b").head("single");
    List<String> scopes =
        server.seen().stream()
            .filter(r -> r.path().equals("/token"))
            .map(r -> r.query("scope"))
            .toList();
    assertEquals(List.of("repository:team/app:pull", "repository:team/b:pull"), scopes);
  }

  @Test
  void bearer_tokenExpires_isRenewedBeforeItIsUsed() throws Exception {
    bearer(",\"expires_in\":100");
    fixture.repository().head("single");
    fixture.clock.sleep(java.time.Duration.ofSeconds(95));
    fixture.repository().head("single");
    assertEquals(2, minted.get());
  }

  @Test
  void bearer_tokenRevokedInTheMiddle_isRenewedOnceAndTheBlobResumes() throws IOException {
    bearer(",\"expires_in\":300");
    fixture.repository().head("single");
    server.on(
        "GET",
        "/blobs/",
        1,
        (r, reply) -> {
          reply.head(200, "Content-Length: 300000");
          reply.write(java.util.Arrays.copyOf(fixture.sample.large, 1000));
          fixture.awaitReceived(1000);
          minted.incrementAndGet(); // what the client holds is no longer valid
          reply.end();
        });
    // t3 is the next one minted, and then the valid one
    fixture.assertBlobsArrive();
    assertEquals(3, minted.get());
  }

  @Test
  void bearer_parallelRequests_shareOneToken() throws IOException {
    bearer(",\"expires_in\":300");
    fixture.repository().head("single");
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      SideBySide.run(
          List.of(
              fixture::assertBlobsArrive, fixture::assertBlobsArrive, fixture::assertBlobsArrive),
          executor);
    } finally {
      executor.shutdownNow();
    }
    assertEquals(1, minted.get());
  }

  @Test
  void bearer_accessTokenField_isUsed() throws IOException {
    minted.set(7);
    server.on("GET", "/token", (r, reply) -> reply.send(200, "{\"access_token\":\"t7\"}"));
    challenge(server.url() + "/token");
    fixture.repository().pull("single", Sample.AMD64);
  }

  @Test
  void bearer_identityToken_isExchangedByForm() throws IOException {
    fixture.with(
        fixture
            .settings()
            .withCredentials(r -> Optional.of(new Credential.IdentityToken("re fresh"))));
    server.on(
        "POST",
        "/token",
        (r, reply) -> {
          String form = new String(r.body(), java.nio.charset.StandardCharsets.UTF_8);
          boolean right =
              form.contains("grant_type=refresh_token") && form.contains("refresh_token=re+fresh");
          reply.send(right ? 200 : 400, "{\"access_token\":\"t" + minted.incrementAndGet() + "\"}");
        });
    challenge(server.url() + "/token");
    fixture.repository().pull("single", Sample.AMD64);
  }

  @Test
  void unauthorized_forEver_isAskedTwice() {
    server.on("GET", "/token", (r, reply) -> reply.send(200, "{\"token\":\"useless\"}"));
    challenge(server.url() + "/token");
    minted.set(99);
    RegistryException failure =
        (RegistryException) fixture.assertPullFails("single", "401 unauthorized: UNAUTHORIZED");
    assertTrue(failure.isDenied());
    assertEquals(2, server.count("GET", "/manifests/"));
    assertEquals(1, server.count("GET", "/token"));
  }

  @Test
  void basic_isSentOnceAskedFor() throws IOException {
    AuthScripts.basic(server);
    fixture.repository().pull("single", Sample.AMD64);
    assertEquals("", server.seen().get(0).header("Authorization"));
    assertEquals(Fixture.LOGIN.basic(), server.seen().get(1).header("Authorization"));
  }

  @Test
  void basic_wrong_isSentOnce() {
    server.on("GET", "/", (r, reply) -> reply.send(401, "", "WWW-Authenticate: Basic realm=x"));
    fixture.assertPullFails("single", "log in, or check the repository name");
    assertEquals(2, server.seen().size());
  }

  @Test
  void basic_withoutCredential_isNotAskedAgain() {
    anonymous();
    AuthScripts.basic(server);
    fixture.assertPullFails("single", "401");
    assertEquals(1, server.seen().size());
  }

  @Test
  void unauthorized_withoutChallenge_isAnError() {
    server.on("GET", "/", (r, reply) -> reply.send(401, ""));
    fixture.assertPullFails("single", "401");
    assertEquals(1, server.seen().size());
  }

  @Test
  void denied_isNotTriedAgain() {
    server.on("GET", "/", (r, reply) -> reply.send(403, ""));
    fixture.assertPullFails("single", "403 denied");
    assertEquals(1, server.seen().size());
  }

  @Test
  void challenge_malformed_isAnErrorAtOnce() {
    server.on(
        "GET",
        "/",
        (r, reply) ->
            reply.send(401, "", "WWW-Authenticate: Bearer realm=\"" + "x".repeat(70_000)));
    fixture.assertPullFails("single", "challenge");
    assertEquals(1, server.seen().size());
  }

  @Test
  void realm_whereNoCredentialGoes_isRefusedUnasked() {
    String other = fixture.elsewhere.host();
    for (String realm :
        List.of(
            "http://" + other + "/token",
            "https://" + other + "/token",
            "http://example.com/token",
            "https://127.0.0.1:1/token",
            "https://localhost/token",
            "https://0.0.0.0/token",
            "https://10.1.2.3/token",
            "https://169.254.169.254/latest",
            "https://[::1]/token",
            "https://[fd00::1]/token",
            "https://[::ffff:127.0.0.1]/token",
            "https://2130706433/token",
            "https://127.1/token",
            "https://0x7f.1/token",
            "file:///etc/passwd",
            "jar:file:///x!/y",
            "netdoc:/etc/passwd",
            "https://u:p@example.com/token",
            "/token",
            "")) {
      server.on(
          "GET",
          "/v2/",
          1,
          (r, reply) -> reply.send(401, "", "WWW-Authenticate: Bearer realm=\"" + realm + "\""));
      IOException failure = fixture.assertPullFails("single", "sends us for a token to");
      assertTrue(failure.getCause() instanceof RefusedAddressException);
      assertTrue(!message(failure).contains("u:p"), message(failure));
    }
    assertEquals(0, fixture.elsewhere.seen().size());
    assertTrue(server.seen().stream().allMatch(r -> r.header("Authorization").isEmpty()));
  }

  @Test
  void tokenEndpoint_redirectsAway_getsNoCredentialThere() {
    server.on(
        "GET",
        "/token",
        (r, reply) -> reply.send(307, "", "Location: " + fixture.elsewhere.url() + r.target()));
    fixture.elsewhere.on("GET", "/token", (r, reply) -> reply.send(403, ""));
    challenge(server.url() + "/token");
    fixture.assertPullFails("single", "403 denied");
    assertEquals(1, fixture.elsewhere.seen().size()); // close() checks that nothing leaked
  }

  @Test
  void token_endless_stopsAtItsLimit() {
    server.on(
        "GET",
        "/token",
        (r, reply) -> {
          reply.head(200);
          while (true) {
            reply.write(new byte[65536]);
          }
        });
    challenge(server.url() + "/token");
    fixture.assertPullFails("single", "longer than 1048576 bytes");
  }

  @Test
  void token_garbage_isAnErrorAndNotShown() {
    for (String answer :
        List.of("{}", "[]", "hunter2", "{\"token\":\"a\\r\\nX: y\"}", "{\"token\":7}")) {
      server.on("GET", "/token", 1, (r, reply) -> reply.send(200, answer));
      server.on(
          "GET",
          "/v2/",
          1,
          (r, reply) ->
              reply.send(401, "", "WWW-Authenticate: Bearer realm=\"" + server.url() + "/token\""));
      IOException failure =
          fixture.assertPullFails("single", "GET " + server.url() + "/token: answer");
      assertTrue(!message(failure).contains("hunter2"), message(failure));
    }
  }

  @Test
  void token_serverError_isRetriedThenFine() throws IOException {
    server.on("GET", "/token", 2, (r, reply) -> reply.send(500, ""));
    bearer("");
    fixture.repository().pull("single", Sample.AMD64);
    assertEquals(3, server.count("GET", "/token"));
  }

  @Test
  void credentialHelper_broken_readsGoOnAndWritesSayWhy() throws IOException {
    Path config = Files.writeString(folder.resolve("c.json"), "{\"credsStore\":\"missing\"}");
    fixture.with(
        fixture
            .settings()
            .withCredentials(new DockerConfig(config, "/nonexistent", fixture.notices::add)));
    bearer("");
    fixture.repository().pull("single", Sample.AMD64);
    long told = fixture.notices.stream().filter(n -> n.contains("credential-missing")).count();
    assertEquals(1, told, fixture.notices.toString());
    IOException failure =
        fixture.assertFails(
            "not found in PATH",
            () -> fixture.repository().put(fixture.sample.manifest, List.of("x")));
    assertTrue(message(failure).contains("docker-credential-missing"));
  }

  @Test
  void token_denied_showsTheServersSentence() {
    server.on(
        "GET",
        "/token",
        (r, reply) -> reply.send(401, "{\"details\":\"incorrect username or password\"}"));
    challenge(server.url() + "/token");
    fixture.assertPullFails("single", "401 unauthorized: incorrect username or password");
    assertEquals(1, server.count("GET", "/token"));
  }

  @Test
  void credentials_ofAnotherPort_areNotUsed() throws IOException {
    String other = "127.0.0.1:" + (server.port() == 1 ? 2 : server.port() - 1);
    fixture.with(
        fixture
            .settings()
            .withCredentials(CredentialSource.of(java.util.Map.of(other, Fixture.LOGIN))));
    AuthScripts.basic(server);
    fixture.assertPullFails("single", "401");
    assertEquals("", server.seen().get(0).header("Authorization"));
  }
}
