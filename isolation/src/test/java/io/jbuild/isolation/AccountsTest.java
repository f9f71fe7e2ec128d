package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      # a comment
      broken
      :x:5:5::/:
      negative:x:-1:5::/:
      huge:x:4294967296:5::/:
      hex:x:0x0:0::/:
      4711:x:0:0:digits are no name:/:
      app:x:1000:1001::/home/app:/bin/sh
      app:x:0:0:a second line of that name::
      nogroup:x:1002:65534
      max:x:2147483647:1::/:
      """;

  private static final String GROUP =
      """
      root:x:0:
      app:x:1001:
      audio:x:29:root,app
      video:x:44:app
      apple:x:45:apple,ap
      odd:x:nan:app
      short:x:7
      """;

  private static Accounts accounts(String passwd, String group) throws IOException {
    return Accounts.read(
        path ->
            Optional.of(
                new ByteArrayInputStream(
                    (path.toString().endsWith("passwd") ? passwd : group)
                        .getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @CsvSource({
    "root, 0, 0, 0 29", //
    "0, 0, 0, 0 29",
    "app, 1000, 1001, 1001 29 44",
    "1000, 1000, 1001, 1001 29 44",
    "app:audio, 1000, 29, ''",
    "app:29, 1000, 29, ''",
    "app:12345, 1000, 12345, ''",
    "4711, 4711, 0, ''",
    "2147483647, 2147483647, 1, 1",
    "max, 2147483647, 1, 1",
    "nogroup, 1002, 65534, 65534",
    ":video, 0, 44, ''",
    "007, 7, 0, ''",
    "1000:, 1000, 1001, 1001 29 44"
  })
  void resolve_row(String text, long uid, long gid, String groups) throws Exception {
    User user = accounts(PASSWD, GROUP).resolve(text).user();
    List<Long> expected =
        Stream.of(groups.split(" ", -1)).filter(g -> !g.isEmpty()).map(Long::valueOf).toList();
    assertEquals(new User(uid, gid, expected), user);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":", "nobody", "Root", "root ", "-1", "2147483648", "4294967295", "4294967296",
        "18446744073709551616", "0x0", "+1", "1e3", "hex", "negative", "huge", "broken", "a:b:c",
        "app:nogroup", "app:-1", "app:4294967296", "odd", "app\n", "root:short:"
      })
  void resolve_whatIsNobody_isAnErrorAndNeverRoot(String text) throws Exception {
    Accounts accounts = accounts(PASSWD, GROUP);
    assertThrows(UnknownAccountException.class, () -> accounts.resolve(text));
  }

  @Test
  void resolve_home_isThatOfTheEntry() throws Exception {
    Accounts accounts = accounts(PASSWD, GROUP);
    assertEquals(Optional.of("/home/app"), accounts.resolve("1000:7").home());
    assertEquals(Optional.of("/root"), accounts.resolve(":7").home());
    assertEquals(Optional.empty(), accounts.resolve("nogroup").home());
    assertEquals(Optional.empty(), accounts.resolve("12345").home());
  }

  @Test
  void resolve_withoutFiles_numbersOnly() throws Exception {
    Accounts accounts = Accounts.read(path -> Optional.empty());
    assertEquals(new User(5, 0, List.of()), accounts.resolve("5").user());
    assertThrows(UnknownAccountException.class, () -> accounts.resolve("root"));
  }

  @Test
  void resolve_error_hidesControlCharacters() throws Exception {
    Exception e =
        assertThrows(
            UnknownAccountException.class, () -> accounts("", "").resolve("x\u001b[31m\ny"));
    assertEquals("user \"x\\x1b[31m\\ny\" is not in /etc/passwd", e.getMessage());
  }

  @Test
  void read_endlessFile_stopsAtTheLimit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    IOException e =
        assertThrows(IOException.class, () -> Accounts.read(path -> Optional.of(endless)));
    assertEquals("\"/etc/passwd\" is larger than 10485760 bytes", e.getMessage());
  }
}
