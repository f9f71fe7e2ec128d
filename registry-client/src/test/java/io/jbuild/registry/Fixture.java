package io.jbuild.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Reference;
import io.jbuild.registry.credentials.Credential;
import io.jbuild.registry.http.Timeouts;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A scripted registry that holds the sample image, another host, and a client with a password. */
final class Fixture implements Closeable {
  static final Credential.UserPassword LOGIN = new Credential.UserPassword("me", "s3cret");

  /** Short, for servers that hang on purpose. */
  static final Timeouts IMPATIENT =
      new Timeouts(
          Duration.ofMillis(700),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300));

  final MemoryRegistry memory = new MemoryRegistry();
  final Sample sample = new Sample();
  final FakeClock clock = new FakeClock();
  final List<String> notices = new CopyOnWriteArrayList<>();
  final ScriptedServer server;
  final ScriptedServer elsewhere;
  private RegistrySettings settings;
  private long received;
  private Optional<RegistryClient> client = Optional.empty();

  Fixture() throws IOException {
    sample.storeIn(memory);
    server = new ScriptedServer(memory);
    elsewhere = new ScriptedServer(memory);
    settings =
        RegistrySettings.defaults()
            .withClock(clock)
            .withCredentials(name -> Optional.ofNullable(Map.of(server.host(), LOGIN).get(name)))
            .withNotices(notices::add)
            .withTimeouts(
                new Timeouts(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20)));
  }

  RegistrySettings settings() {
    return settings;
  }

  Fixture with(RegistrySettings changed) {
    settings = changed;
    return this;
  }

  Fixture impatient() {
    return with(settings.withTimeouts(IMPATIENT));
  }

  /** As if built anew with the settings, once; later calls give the same client's repository. */
  Repository repository() throws IOException {
    return repository(Sample.REPOSITORY);
  }

  Repository repository(String name) throws IOException {
    if (client.isEmpty()) {
      client = Optional.of(new RegistryClient(settings));
    }
    return client.get().repository(Reference.parse(server.host() + "/" + name));
  }

  /** Lets a handler wait until the client has so many bytes, so that a cut comes behind them. */
  synchronized void awaitReceived(long bytes) {
    while (received < bytes) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private synchronized void received(long bytes) {
    received = bytes;
    notifyAll();
  }

  byte[] read(Descriptor blob) throws IOException {
    TransferListener listener =
        new TransferListener() {
          @Override
          public void progress(Descriptor moving, long done, long total) {
            received(done);
          }
        };
    try (BlobStream stream = repository().blob(blob, listener)) {
      return stream.readAllBytes();
    }
  }

  void assertBlobsArrive() throws IOException {
    assertArrayEquals(sample.large, read(sample.largeLayer));
  }

  /** The blob is refused in words that hold this text, and without credentials elsewhere. */
  IOException assertBlobFails(String text) {
    return assertFails(text, () -> read(sample.largeLayer));
  }

  IOException assertPullFails(String tag, String text) {
    return assertFails(text, () -> repository().pull(tag, Sample.AMD64));
  }

  IOException assertFails(String text, org.junit.jupiter.api.function.Executable action) {
    IOException failure = assertThrows(IOException.class, action);
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(text), message);
    assertTrue(message.length() <= 1500, "length " + message.length());
    assertTrue(message.chars().noneMatch(c -> c < ' ' || c == 0x1b), message);
    return failure;
  }

  static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  @Override
  public void close() throws IOException {
    server.close();
    elsewhere.close();
    server.requireNoBugs();
    elsewhere.requireNoBugs();
    for (ScriptedServer.Seen request : elsewhere.seen()) {
      assertTrue(request.header("Authorization").isEmpty(), "credential leaked with " + request);
      assertTrue(!request.toString().contains("s3cret"), "password leaked with " + request);
    }
  }
}
