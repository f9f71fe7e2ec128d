package io.jbuild.registry;

import static io.jbuild.registry.Fixture.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Reference;
import io.jbuild.registry.credentials.Credential;
import io.jbuild.registry.credentials.CredentialSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against distribution's registry, as Debian packages it (docker-registry). */
final class RealRegistryTest {
  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
  private static final Path SKOPEO = Path.of("/usr/bin/skopeo");

  /** Often and soon: the registry takes a moment to come up. */
  private static final RetryPolicy QUICK =
      new RetryPolicy(200, Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofSeconds(60));

  /** bcrypt of "s3cret". */
  private static final String HTPASSWD =
      "me:$2b$04$1BN0eCdRPucbzMiBMe8Pyuk/H1WJhd50aThh796vcp3kxDyDrCI5y\n";

  @TempDir Path folder;
  private final ExecutorService executor = Executors.newFixedThreadPool(3);
  private final List<Process> started = new ArrayList<>();
  private final Sample sample = new Sample();
  private int port;

  @BeforeEach
  void requireProgram() throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      System.err.println("SKIPPED: " + PROGRAM + " is not installed (Debian: docker-registry)");
      Assumptions.abort(PROGRAM + " is not installed");
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    executor.shutdownNow();
    for (Process process : started) {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private void serve(String auth) throws IOException {
    Path config = folder.resolve("config.yml");
    Files.writeString(
        config,
        "version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: "
            + folder.resolve("data")
            + "}}\nhttp: {addr: '127.0.0.1:"
            + port
            + "'}\n"
            + auth);
    ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString(), "serve", config.toString());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    started.add(builder.start());
  }

  /** The client's own retries of refused connections wait for the registry to come up. */
  private Repository repository(String name, CredentialSource credentials) throws IOException {
    return repository(name, credentials, port);
  }

  private static Repository repository(String name, CredentialSource credentials, int port)
      throws IOException {
    RegistrySettings settings =
        RegistrySettings.defaults().withCredentials(credentials).withRetry(QUICK);
    return new RegistryClient(settings)
        .repository(Reference.parse("127.0.0.1:" + port + "/" + name));
  }

  private Repository repository(String name) throws IOException {
    return repository(name, CredentialSource.ANONYMOUS);
  }

  private void assertPulls(Repository repository, String tag) throws IOException {
    PulledImage image = repository.pull(tag, Sample.AMD64);
    assertArrayEquals(sample.manifest.bytes(), image.resolved().bytes());
    assertArrayEquals(sample.config, image.configBytes());
    try (BlobStream stream =
        repository.blob(image.manifest().layers().get(0), TransferListener.NONE)) {
      assertArrayEquals(sample.large, stream.readAllBytes());
    }
  }

  @Test
  void image_pushedAndPulledAndListed() throws IOException {
    serve("");
    Repository repository = repository("team/app");
    sample.push("one", "two").to(repository, executor, TransferListener.NONE);
    assertPulls(repository, "one");
    assertPulls(repository, sample.manifest.descriptor().digest().toString());
    repository.put(sample.index, List.of("multi"));
    assertPulls(repository, "multi");
    assertEquals(List.of("multi", "one", "two"), repository.tags().stream().sorted().toList());
    assertEquals(sample.manifest.descriptor(), repository.head("one").orElseThrow());
    assertTrue(repository.hasBlob(sample.largeLayer));
  }

  @Test
  void blob_chunkedMountedAndFoundAgain() throws IOException {
    serve("");
    Repository first = repository("team/app");
    BlobSource source = () -> new ByteArrayInputStream(sample.large);
    assertEquals(
        PushResult.UPLOADED,
        first.push(
            sample.largeLayer,
            source,
            Optional.empty(),
            UploadMode.chunked(100_000),
            TransferListener.NONE));
    Repository second = repository("team/other");
    Optional<String> from = Optional.of("team/app");
    assertEquals(
        PushResult.MOUNTED,
        second.push(sample.largeLayer, source, from, UploadMode.WHOLE, TransferListener.NONE));
    assertEquals(
        PushResult.EXISTED,
        second.push(sample.largeLayer, source, from, UploadMode.WHOLE, TransferListener.NONE));
  }

  @Test
  void connections_cutAgainAndAgain_blobsGoUpAndDownWhole() throws IOException {
    serve("");
    byte[] bytes = Sample.random(3, 3 << 20);
    Descriptor blob = Descriptor.of("application/octet-stream", bytes);
    try (CuttingProxy proxy = new CuttingProxy(port, 1 << 20, 4)) {
      Repository repository = repository("team/app", CredentialSource.ANONYMOUS, proxy.port());
      repository.push(
          blob,
          () -> new ByteArrayInputStream(bytes),
          Optional.empty(),
          UploadMode.WHOLE,
          TransferListener.NONE);
      assertTrue(proxy.left() < 4, "nothing was cut");
    }
    try (CuttingProxy proxy = new CuttingProxy(port, 1 << 20, 2)) {
      Repository repository = repository("team/app", CredentialSource.ANONYMOUS, proxy.port());
      try (BlobStream stream = repository.blob(blob, TransferListener.NONE)) {
        assertArrayEquals(bytes, stream.readAllBytes());
      }
      assertEquals(0, proxy.left());
    }
  }

  @Test
  void tag_missing_isNotFound() throws IOException {
    serve("");
    Repository repository = repository("team/none");
    RegistryException failure =
        assertThrows(RegistryException.class, () -> repository.manifest("nope"));
    assertTrue(failure.isNotFound(), message(failure));
    assertEquals(Optional.empty(), repository.head("nope"));
  }

  @Test
  void basicAuth_letsInWhoHasThePassword() throws IOException {
    Path htpasswd = Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
    serve("auth: {htpasswd: {realm: here, path: " + htpasswd + "}}\n");
    String host = "127.0.0.1:" + port;
    CredentialSource right =
        CredentialSource.of(Map.of(host, new Credential.UserPassword("me", "s3cret")));
    CredentialSource wrong =
        CredentialSource.of(Map.of(host, new Credential.UserPassword("me", "wrong")));
    sample.push("one").to(repository("team/app", right), executor, TransferListener.NONE);
    assertPulls(repository("team/app", right), "one");
    for (CredentialSource refused : List.of(wrong, CredentialSource.ANONYMOUS)) {
      Repository repository = repository("team/app", refused);
      RegistryException failure =
          assertThrows(RegistryException.class, () -> repository.manifest("one"));
      assertTrue(failure.isDenied(), message(failure));
    }
  }

  @Test
  void skopeo_readsWhatWasPushed() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(SKOPEO), SKOPEO + " is not installed");
    serve("");
    sample.push("one").to(repository("team/app"), executor, TransferListener.NONE);
    Path raw = folder.resolve("raw");
    Process skopeo =
        new ProcessBuilder(
                SKOPEO.toString(),
                "inspect",
                "--raw",
                "--tls-verify=false",
                "docker://127.0.0.1:" + port + "/team/app:one")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(raw.toFile())
            .start();
    started.add(skopeo);
    assertTrue(skopeo.waitFor(60, TimeUnit.SECONDS));
    assertEquals(
        new String(sample.manifest.bytes(), StandardCharsets.UTF_8), Files.readString(raw).strip());
  }
}
