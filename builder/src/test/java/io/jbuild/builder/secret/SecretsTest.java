package io.jbuild.builder.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.UserException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @TempDir private Path directory;

  private static Secrets secrets(SecretSource source) {
    return new Secrets(new TreeMap<>(Map.of("token", source)));
  }

  private static Secrets secrets(String value) {
    return secrets(new SecretSource.OfBytes(value.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void line_isWithoutTheBlanksAroundIt() throws Exception {
    assertEquals(Optional.of("a b"), secrets(" a b\n").line("token"));
    assertEquals(Optional.empty(), secrets("a").line("other"));
    Path file = Files.writeString(directory.resolve("token"), "t\r\n");
    assertEquals(Optional.of("t"), secrets(new SecretSource.OfFile(file)).line("token"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "a\nb", "a\u0000", "a\u007fb"})
  void line_ofAnythingElse_isRefused(String value) {
    UserException error = assertThrows(UserException.class, () -> secrets(value).line("token"));
    assertEquals("secret token is not one line of text", error.getMessage());
  }

  @Test
  void line_thatIsTooLong_isRefusedAndNotCut() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "x".repeat(20_000));
    UserException error =
        assertThrows(
            UserException.class, () -> secrets(new SecretSource.OfFile(file)).line("token"));
    assertEquals("secret token is larger than 16384 bytes", error.getMessage());
  }

  @Test
  void file_thatIsNoneIsTold() {
    SecretSource missing = new SecretSource.OfFile(directory.resolve("none"));
    UserException error =
        assertThrows(UserException.class, () -> Secrets.read("token", missing, 1));
    assertEquals(
        "secret token: there is no file \"" + directory.resolve("none") + "\"", error.getMessage());
  }
}
