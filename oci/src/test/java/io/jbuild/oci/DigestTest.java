package io.jbuild.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "SHA256, sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "SHA512, sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "BLAKE3, blake3:6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
  })
  void of_abc_isTheKnownDigest(Digest.Algorithm algorithm, String expected) throws Exception {
    Digest digest = Digest.of(algorithm, "abc".getBytes(UTF_8));

    assertEquals(expected, digest.toString());
    assertEquals(digest, Digest.parse(expected));
  }

  @Test
  void digester_inPieces_agreesWithBouncyCastle() {
    byte[] content = new byte[300_001];
    new Random(7).nextBytes(content);

    assertEquals(
        bouncyCastle(new SHA256Digest(), content), pieces(Digest.Algorithm.SHA256, content).hex());
    assertEquals(
        bouncyCastle(new SHA512Digest(), content), pieces(Digest.Algorithm.SHA512, content).hex());
    assertEquals(
        Digest.of(Digest.Algorithm.BLAKE3, content), pieces(Digest.Algorithm.BLAKE3, content));
  }

  private static Digest pieces(Digest.Algorithm algorithm, byte[] content) {
    return algorithm
        .newDigester()
        .update(content, 0, 1000)
        .update(ByteBuffer.wrap(content, 1000, content.length - 1000))
        .finish();
  }

  private static String bouncyCastle(ExtendedDigest digest, byte[] content) {
    byte[] out = new byte[digest.getDigestSize()];
    digest.update(content, 0, content.length);
    digest.doFinal(out, 0);
    return HexFormat.of().formatHex(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "sha256",
        "sha256:",
        HEX,
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "SHA256:" + HEX,
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:" + HEX + "0",
        "sha256: " + HEX,
        "sha256:" + HEX + "\n",
        "sha256:../../../../../../../../../../../../../../../../../etc/passwd000000",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8\u00005",
        "sha256:\u0663" + "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha512:" + HEX,
        "sha256+b64:" + HEX,
      })
  void parse_anythingElse_isMalformed(String text) {
    MalformedException e = assertThrows(MalformedException.class, () -> Digest.parse(text));

    assertTrue(e.getMessage().startsWith("invalid digest \""), e.getMessage());
    assertTrue(e.getMessage().chars().noneMatch(c -> c < ' '), e.getMessage());
  }

  @Test
  void constructor_invalidHex_isOurBug() {
    assertThrows(
        IllegalArgumentException.class, () -> new Digest(Digest.Algorithm.SHA256, "../../x"));
  }

  /** The rule of the image specification: each step hashes the chain below and the next diffID. */
  @Test
  void chainId_ofThreeLayers_hashesTheChainBelow() throws Exception {
    DiffId a = new DiffId(Digest.sha256("a".getBytes(UTF_8)));
    DiffId b = new DiffId(Digest.sha256("b".getBytes(UTF_8)));
    DiffId c = new DiffId(Digest.sha256("c".getBytes(UTF_8)));

    assertEquals(a.digest(), ChainId.of(List.of(a)).digest());
    assertEquals(
        Digest.sha256((Digest.sha256((a + " " + b).getBytes(UTF_8)) + " " + c).getBytes(UTF_8)),
        ChainId.of(List.of(a, b, c)).digest());
    assertThrows(IllegalArgumentException.class, () -> ChainId.of(List.of()));
  }
}
