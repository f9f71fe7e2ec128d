package io.jbuild.registry;

import static io.jbuild.registry.Fixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.http.HostNames;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.Shown;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The small rules that larger behaviour is made of, as tables. */
final class RulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void challenge_forms() throws MalformedException {
    List<Challenge> all =
        Challenge.parse(
            List.of(
                "Negotiate, Basic realm=\"a \\\"b\\\", c\" , BEARER Realm=x,service = \"y\",",
                "Digest dG9rZW4=="));
    assertEquals(
        List.of("negotiate", "basic", "bearer", "digest"),
        all.stream().map(Challenge::scheme).toList());
    assertEquals(Optional.of("a \"b\", c"), all.get(1).parameter("realm"));
    assertEquals(Map.of("realm", "x", "service", "y"), all.get(2).parameters());
    assertEquals(List.of(), Challenge.parse(List.of("", " , ")));
  }

  @Test
  void challenge_malformed() {
    for (String text :
        List.of("Bearer realm=\"x", "\"", "Bearer =x", "Bearer a=1,a=2", "B \u0001")) {
      assertThrows(MalformedException.class, () -> Challenge.parse(List.of(text)), text);
    }
  }

  @Test
  void challenge_random_neverFailsOtherwise() {
    Random random = new Random(7);
    String alphabet = "ab=\", \\\t~/\u0000é";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Challenge.parse(List.of(text.toString()));
      } catch (MalformedException expected) {
        assertTrue(message(expected).startsWith("challenge"));
      }
    }
  }

  @Test
  void retryAfter_forms() {
    assertEquals(Optional.of(Duration.ofSeconds(5)), RetryAfter.parse(" 5 ", NOW));
    assertEquals(
        Optional.of(Duration.ofSeconds(60)),
        RetryAfter.parse("Thu, 01 Jan 2026 00:01:00 GMT", NOW));
    assertEquals(
        Optional.of(Duration.ZERO), RetryAfter.parse("Wed, 31 Dec 2025 00:00:00 GMT", NOW));
    assertEquals(
        Optional.of(Duration.ofSeconds(999_999_999)), RetryAfter.parse("9".repeat(40), NOW));
    for (String text : List.of("", "soon", "-1", "1.5", "٣")) {
      assertEquals(Optional.empty(), RetryAfter.parse(text, NOW), text);
    }
  }

  @Test
  void retryPolicy_waitsDoubleUpToTheirLimit() {
    RetryPolicy policy =
        new RetryPolicy(9, Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofMinutes(1));
    Random longest =
        new Random() {
          private static final long serialVersionUID = 1L;

          @Override
          public long nextLong(long bound) {
            return bound - 1;
          }
        };
    int[] seconds = {1, 2, 4, 8, 8, 8};
    for (int i = 0; i < seconds.length; i++) {
      assertEquals(
          new RetryPolicy.Wait(Duration.ofSeconds(seconds[i])),
          policy.decide(i + 1, Optional.empty(), Duration.ZERO, longest));
    }
    assertEquals(
        new RetryPolicy.Wait(Duration.ofSeconds(31)),
        policy.decide(1, Optional.of(Duration.ofSeconds(30)), Duration.ZERO, longest));
  }

  @Test
  void retryPolicy_givesUp() {
    Random random = new Random(1);
    RetryPolicy policy = RetryPolicy.DEFAULT;
    assertEquals(
        new RetryPolicy.GiveUp("gave up after 6 attempts"),
        policy.decide(6, Optional.empty(), Duration.ZERO, random));
    assertEquals(
        RetryPolicy.GiveUp.class,
        policy.decide(1, Optional.empty(), Duration.ofMinutes(6), random).getClass());
    assertEquals(
        RetryPolicy.GiveUp.class,
        policy.decide(1, Optional.of(Duration.ofHours(1)), Duration.ZERO, random).getClass());
  }

  @Test
  void hostNames_public() {
    for (String host :
        List.of("example.com", "1.example.com", "8.8.8.8", "[2606:4700::1111]", "xn--e1afmkfd")) {
      assertTrue(HostNames.isPublic(host), host);
    }
    for (String host :
        List.of(
            "localhost",
            "a.localhost",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0.0.0.0",
            "0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "[::7f00:1]",
            "999.1.1.1",
            "example.com.",
            "LOCALHOST")) {
      assertFalse(HostNames.isPublic(host), host);
    }
  }

  @Test
  void hostNames_loopback() {
    for (String host : List.of("localhost", "127.0.0.1", "127.9.9.9", "[::1]")) {
      assertTrue(HostNames.isLoopback(host), host);
    }
    for (String host : List.of("localhost.evil.com", "127.0.0.1.evil.com", "128.0.0.1", "127.1")) {
      assertFalse(HostNames.isLoopback(host), host);
    }
  }

  @Test
  void origin_differsByScemeHostAndPort() throws IOException {
    Origin origin = Origin.of(URI.create("https://Example.com/x"));
    assertEquals(origin, Origin.of(URI.create("HTTPS://example.com:443/y?z")));
    assertEquals("https://example.com", origin.toString());
    for (String other :
        List.of("http://example.com", "https://example.com:444", "https://example.com.evil")) {
      assertFalse(origin.equals(Origin.of(URI.create(other))), other);
    }
    for (String refused :
        List.of(
            "ftp://x", "file:///x", "/x", "mailto:x", "https:///x", "http://x:0", "http://u@x")) {
      assertThrows(RefusedAddressException.class, () -> Origin.of(URI.create(refused)), refused);
    }
  }

  @Test
  void shown_hidesUserAndQuery() {
    assertEquals(
        "https://h:1/p", Shown.address(URI.create("https://u:hunter2@h:1/p?token=hunter2#f")));
    assertEquals("a\\u{1b}[0m\\n", Shown.line("a\u001b[0m\n"));
    assertEquals("{\"Name\":\"a\\b\"}", Shown.line("{\"Name\":\"a\\b\"}"));
  }

  @Test
  void addresses_keepQueries() throws IOException {
    URI base = URI.create("https://h/v2/x/blobs/uploads/");
    URI location = Addresses.resolve(base, "/v2/x/blobs/uploads/1?_state=a%2Fb%3D");
    assertEquals(
        "https://h/v2/x/blobs/uploads/1?_state=a%2Fb%3D&digest=sha256%3Aab",
        Addresses.withQuery(location, "digest", "sha256:ab").toString());
    assertEquals("https://h/y", Addresses.resolve(base, "/y#fragment").toString());
    for (String text : List.of("", "http://[", "a b", "x".repeat(20_000))) {
      assertThrows(IOException.class, () -> Addresses.resolve(base, text));
    }
  }

  @Test
  void proxies_fromTheEnvironment() throws IOException {
    assertEquals(Optional.empty(), EnvironmentProxies.of(Map.of("NO_PROXY", "*")));
    ProxySelector selector =
        EnvironmentProxies.of(
                Map.of(
                    "HTTPS_PROXY", "http://proxy.example:3128",
                    "no_proxy", "internal.example,.sub.example, exact:5000,*.star.example"))
            .orElseThrow();
    InetSocketAddress proxy = InetSocketAddress.createUnresolved("proxy.example", 3128);
    for (String proxied : List.of("https://a.example/", "https://exact/", "https://xsub.example")) {
      assertEquals(
          List.of(new Proxy(Proxy.Type.HTTP, proxy)), selector.select(URI.create(proxied)));
    }
    for (String direct :
        List.of(
            "http://a.example/",
            "https://localhost:5000/",
            "https://127.0.0.1/",
            "https://internal.example",
            "https://a.internal.example",
            "https://b.sub.example",
            "https://exact:5000/",
            "https://a.star.example")) {
      assertEquals(List.of(Proxy.NO_PROXY), selector.select(URI.create(direct)), direct);
    }
    IOException refused =
        assertThrows(
            IOException.class,
            () -> EnvironmentProxies.of(Map.of("HTTPS_PROXY", "http://u:hunter2@p:1")));
    assertFalse(message(refused).contains("hunter2"));
  }
}
