package io.jbuild.registry;

import static io.jbuild.registry.Fixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What certificates must be, and what the user may allow. */
final class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  @TempDir static Path folder;
  private static ServerSocketFactory selfSigned = ServerSocketFactory.getDefault();

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("keys.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "a",
                "-dname",
                "CN=wrong.example",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    selfSigned = context.getServerSocketFactory();
  }

  private static RegistryClient client(String host, HostAccess access) {
    return new RegistryClient(
        RegistrySettings.defaults().withClock(new FakeClock()).withAccess(host, access));
  }

  private static Document fetch(ScriptedServer server, HostAccess access) throws IOException {
    return client(server.host(), access)
        .repository(io.jbuild.oci.Reference.parse(server.host() + "/" + Sample.REPOSITORY))
        .manifest("single");
  }

  private static MemoryRegistry memory() {
    MemoryRegistry memory = new MemoryRegistry();
    new Sample().storeIn(memory);
    return memory;
  }

  @Test
  void selfSigned_isRefusedAtOnceUnlessAllowed() throws IOException {
    try (Fixture fixture = new Fixture();
        ScriptedServer server = new ScriptedServer(memory(), selfSigned, "https")) {
      IOException failure = fixture.assertFails("certificate", () -> fetch(server, HostAccess.TLS));
      assertTrue(message(failure).contains("clock"), message(failure));
      assertEquals(0, server.seen().size());
      fetch(server, HostAccess.TLS_UNVERIFIED);
      fetch(server, HostAccess.INSECURE);
    }
  }

  @Test
  void insecure_takesPlainHttpWhereNoTlsIsSpoken() throws IOException {
    try (ScriptedServer server = new ScriptedServer(memory())) {
      // The probe's TLS greeting is no HTTP: the scripted server drops it.
      server.tolerateGarbage();
      fetch(server, HostAccess.INSECURE);
      fetch(server, HostAccess.PLAIN_HTTP);
      fetch(server, HostAccess.AUTO);
    }
  }

  @Test
  void plainHttp_onATlsPort_isAnError() throws IOException {
    try (Fixture fixture = new Fixture();
        ScriptedServer server = new ScriptedServer(memory())) {
      server.tolerateGarbage();
      fixture.assertFails("https://127.0.0.1", () -> fetch(server, HostAccess.TLS));
    }
  }
}
