package io.jbuild.builder.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.value.ByteSize;
import io.jbuild.builder.value.GoDuration;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small values inside instructions. */
class ValuesTest {

  /** Mode, file before and after, directory before and after. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "0 0777 0 0777 0",
        "644 0755 0644 0755 0644",
        "04755 0644 04755 0644 04755",
        "+x 0644 0755 0644 0755",
        "u+x 0644 0744 0644 0744",
        "go-w 0666 0644 0777 0755",
        "a=r 0777 0444 0777 0444",
        "= 06777 0 06777 0",
        "u=rwX,go=rX 0600 0644 0700 0755",
        "u=rwX,go=rX 0700 0755 0600 0755",
        "+X 0644 0644 0644 0755",
        "-X 0755 0644 0755 0644",
        "g=u 0640 0660 0750 0770",
        "g=u 06700 06770 06700 06770",
        "o=u-w 0640 0644 0750 0755",
        "g+u,o=g 0700 0777 0700 0777",
        "u+s 0755 04755 0755 04755",
        "g+s 0755 02755 0755 02755",
        "u=rwx 04755 0755 04755 0755",
        "+t 0777 01777 0777 01777",
        "o+t 0777 0777 0777 0777",
        "ug+rw,o= 0444 0660 0555 0770",
        "u+r-w 0200 0400 0200 0400",
      })
  void modeChange_appliesAsChmodDoes(
      String text, String file, String fileAfter, String dir, String dirAfter) {
    ModeChange change = ModeChange.parse(text);
    assertEquals(fileAfter, octal(change.apply(Integer.parseInt(file, 8), false)));
    assertEquals(dirAfter, octal(change.apply(Integer.parseInt(dir, 8), true)));
  }

  private static String octal(int mode) {
    return mode == 0 ? "0" : "0" + Integer.toOctalString(mode);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "8", "10000", "u", "u!x", "u+q", "r", "+x,", "u=go", "0x1", "-1", "77 "})
  void modeChange_refuses(String text) {
    assertThrows(IllegalArgumentException.class, () -> ModeChange.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "1h30m, PT1H30M",
    "1.5s, PT1.5S",
    "300ms, PT0.3S",
    "1us, PT0.000001S",
    ".5s, PT0.5S",
    "-2s, PT-2S",
    "1m1m, PT2M",
    "+3ns, PT0.000000003S"
  })
  void duration_readsGo(String text, String expected) {
    assertEquals(Duration.parse(expected), GoDuration.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0s", "3ns", "1.5µs", "300ms", "1.000000001s", "1m30s", "1h0m0s", "26h0m0.5s"})
  void duration_printsAsGoDoes(String text) {
    assertEquals(text, GoDuration.print(GoDuration.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "1d", "1.2.3s", "-", "1h 2m", "9999999h999999999h", "."})
  void duration_refuses(String text) {
    assertThrows(IllegalArgumentException.class, () -> GoDuration.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "64m, 67108864",
    "1k, 1024",
    "1KiB, 1024",
    "1.5 GB, 1610612736",
    "2T, 2199023255552",
    "10b, 10"
  })
  void size_readsUnits(String text, long expected) {
    assertEquals(expected, ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "-1", "1x", "1bb", "1.2.3k", "99999999999p", "1e3"})
  void size_refuses(String text) {
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "TERM, 15",
    "SIGTERM, 15",
    "sigkill, 9",
    "9, 9",
    "RTMIN, 34",
    "SIGRTMIN+3, 37",
    "RTMAX-1, 63",
    "64, 64"
  })
  void signal_hasANumber(String text, int expected) {
    assertEquals(OptionalInt.of(expected), Signals.number(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "65", "SIG", "NOPE", "RTMIN-1", "RTMAX+1", "RTMIN+31", "-9"})
  void signal_isUnknown(String text) {
    assertTrue(Signals.number(text).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "80 80/tcp", "80/UDP 80/udp", "8000-8002/sctp 8000/sctp,8001/sctp,8002/sctp",
        "127.0.0.1:8080:80 80/tcp", "[::1]:8080:80/tcp 80/tcp", "65535 65535/tcp"
      })
  void port_reads(String text, String expected) {
    List<String> ports = Port.parse(text).stream().map(Port::toString).toList();
    assertEquals(expected, String.join(",", ports));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "80/icmp", "65536", "9-8", "80-", "/tcp", "-1"})
  void port_refuses(String text) {
    assertThrows(IllegalArgumentException.class, () -> Port.parse(text));
  }

  @Test
  void csv_readsQuotedFields() {
    assertEquals(
        List.of("a", "b,c", "d\"e", ""), Csv.fields("a,\"b,c\",\"d\"\"e\",").orElseThrow());
    assertTrue(Csv.fields("a\"b").isEmpty());
    assertTrue(Csv.fields("\"a").isEmpty());
    assertTrue(Csv.fields("\"a\"b").isEmpty());
  }
}
