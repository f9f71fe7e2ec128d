package io.jbuild.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ReferenceTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "debian, docker.io/library/debian:latest, debian:latest",
    "debian:12, docker.io/library/debian:12, debian:12",
    "library/debian, docker.io/library/debian:latest, debian:latest",
    "docker.io/debian, docker.io/library/debian:latest, debian:latest",
    "index.docker.io/debian, docker.io/library/debian:latest, debian:latest",
    "docker.io/library/debian:12, docker.io/library/debian:12, debian:12",
    "acme/app, docker.io/acme/app:latest, acme/app:latest",
    "library/a/b, docker.io/library/a/b:latest, library/a/b:latest",
    "localhost/app, localhost/app:latest, localhost/app:latest",
    "localhost:5000/app, localhost:5000/app:latest, localhost:5000/app:latest",
    "localhost:5000, docker.io/library/localhost:5000, localhost:5000",
    "quay.io/a/b/c:v1, quay.io/a/b/c:v1, quay.io/a/b/c:v1",
    "docker.io/a.b/c, docker.io/a.b/c:latest, docker.io/a.b/c:latest",
    "docker.io/localhost/c, docker.io/localhost/c:latest, docker.io/localhost/c:latest",
    "Host/app, Host/app:latest, Host/app:latest",
    "127.0.0.1:5000/a, 127.0.0.1:5000/a:latest, 127.0.0.1:5000/a:latest",
    "[::1]:5000/a, [::1]:5000/a:latest, [::1]:5000/a:latest",
    "[fd00:1:2::3]/a:t, [fd00:1:2::3]/a:t, [fd00:1:2::3]/a:t",
    "a__b/c-d.e_f---g, docker.io/a__b/c-d.e_f---g:latest, a__b/c-d.e_f---g:latest",
    "xn--n3h.com/a, xn--n3h.com/a:latest, xn--n3h.com/a:latest",
    "a:_T.9-x, docker.io/library/a:_T.9-x, a:_T.9-x",
    "a@sha256:" + HEX + ", docker.io/library/a@sha256:" + HEX + ", a@sha256:" + HEX,
    "r.io/a:t@sha256:" + HEX + ", r.io/a:t@sha256:" + HEX + ", r.io/a:t@sha256:" + HEX,
  })
  void parse_valid_isNormalised(String text, String canonical, String familiar) throws Exception {
    Reference reference = Reference.parse(text);

    assertEquals(canonical, reference.toString());
    assertEquals(familiar, reference.familiar());
    assertEquals(reference, Reference.parse(canonical));
    assertEquals(reference, Reference.parse(familiar));
  }

  static Stream<String> invalid() {
    return Stream.of(
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ":t",
        "a:",
        "a:t:u",
        "a:-t",
        "a:.t",
        "a:" + "t".repeat(129),
        "a@",
        "a@sha256:abc",
        "a@md5:d41d8cd98f00b204e9800998ecf8427e",
        "a@sha256:" + HEX + "@sha256:" + HEX,
        "@sha256:" + HEX,
        HEX,
        "Upper",
        "a/Upper",
        "r.io/Upper/b",
        "-a",
        "a-",
        "a..b",
        "a___b",
        "a._b",
        ".a",
        "..",
        "../../etc",
        "r.io/../x",
        "r.io/a/../../x",
        "a b",
        "a\n",
        "a\u0000",
        "\u00e4",
        "a;rm",
        "$(id)",
        "http://r.io/a",
        "-r.io/a",
        "r-.io/a",
        "r.io:port/a",
        "r.io:/a",
        "r.io:123456/a",
        "[::1/a",
        "[::g]/a",
        "user@r.io/a",
        "r.io/" + "a".repeat(256),
        "a/".repeat(600) + "a",
        "x".repeat(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void parse_invalid_isOneShortLine(String text) {
    MalformedException e = assertThrows(MalformedException.class, () -> Reference.parse(text));

    assertTrue(e.getMessage().startsWith("invalid reference \""), e.getMessage());
    assertTrue(e.getMessage().length() <= 1000, e.getMessage());
    assertTrue(e.getMessage().chars().noneMatch(c -> c < ' '), e.getMessage());
  }

  /** Random strings of the grammar's own characters: what is read is read again from each form. */
  @Test
  void parse_whatItPrints_isEqual() throws Exception {
    String alphabet = "ab1A._-/:@[]";
    Random random = new Random(42);
    int read = 0;
    for (int round = 0; round < 50_000; round++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "docker.io/" : "");
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Reference reference = Reference.parse(text.toString());
        assertEquals(reference, Reference.parse(reference.toString()));
        assertEquals(reference, Reference.parse(reference.familiar()), reference.familiar());
        read++;
      } catch (MalformedException e) {
        assertTrue(e.getMessage().startsWith("invalid reference"), e.getMessage());
      }
    }
    assertTrue(read > 1000, "only " + read + " references were read");
  }

  @Test
  void parse_invalid_saysWhy() {
    assertEquals(
        "invalid reference \"App\": the repository must be lower case",
        assertThrows(MalformedException.class, () -> Reference.parse("App")).getMessage());
  }

  @Test
  void withDigest_keepsTheTag_pinnedToDropsIt() throws Exception {
    Digest digest = Digest.parse("sha256:" + HEX);
    Reference debian = Reference.parse("debian:12");

    assertEquals("docker.io/library/debian:12@" + digest, debian.withDigest(digest).toString());
    assertEquals("docker.io/library/debian@" + digest, debian.pinnedTo(digest).toString());
    assertEquals(digest.toString(), debian.withDigest(digest).tagOrDigest());
    assertEquals(Optional.of("13"), debian.withDigest(digest).withTag("13").tag());
    assertThrows(MalformedException.class, () -> debian.withTag("no tag"));
  }
}
