package io.jbuild.builder.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.ProcessLimit.Resource;
import io.jbuild.isolation.cgroup.BlockIo;
import io.jbuild.isolation.cgroup.LimitException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How limits are written, as tables. */
class LimitTextTest {
  @ParameterizedTest
  @CsvSource({"64m,67108864", "1g,1073741824", "8000000,8000000", "6144k,6291456", "7MiB,7340032"})
  void memory_readsSizes(String text, long expected) {
    assertEquals(expected, LimitText.memory(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "-1", "64q", "1e9", "0", "5m", "999999999999999p", "0x10"})
  void memory_refuses(String text) {
    assertThrows(LimitException.class, () -> LimitText.memory(text));
  }

  @Test
  void memoryAndSwap_mayBeUnlimited() {
    assertEquals(-1, LimitText.memoryAndSwap("-1"));
    assertEquals(1 << 30, LimitText.memoryAndSwap("1g"));
  }

  @ParameterizedTest
  @CsvSource({"0.5,0.5", "2,2", ".25,0.25", "1.,1", "0.01,0.01", "10000,10000"})
  void cpus_readsCores(String text, double expected) {
    assertEquals(expected, LimitText.cpus(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "0", "0.009", "10001", "-1", "1e2", "NaN", "half", "1,5"})
  void cpus_refuses(String text) {
    assertThrows(LimitException.class, () -> LimitText.cpus(text));
  }

  @Test
  void cpus_fromAQuotaOfAPeriod() {
    assertEquals(Optional.of(0.5), LimitText.cpus(Optional.of("50000"), Optional.empty()));
    assertEquals(Optional.of(2.0), LimitText.cpus(Optional.of("20000"), Optional.of("10000")));
    assertEquals(Optional.empty(), LimitText.cpus(Optional.of("-1"), Optional.of("10000")));
    assertEquals(Optional.empty(), LimitText.cpus(Optional.empty(), Optional.of("10000")));
    assertThrows(
        LimitException.class, () -> LimitText.cpus(Optional.empty(), Optional.of("1000001")));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "4194304,4194304", "-1,-1"})
  void pids_readsNumbers(String text, long expected) {
    assertEquals(expected, LimitText.pids(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "4194305", "-2", "1.5", "99999999999999999999"})
  void pids_refuses(String text) {
    assertThrows(LimitException.class, () -> LimitText.pids(text));
  }

  @Test
  void ulimit_withOneValueTwoAndNone() {
    assertEquals(new ProcessLimit(Resource.CORE, -1, -1), LimitText.ulimit("core=-1"));
    assertEquals(new ProcessLimit(Resource.NPROC, 7, -1), LimitText.ulimit("nproc=7:unlimited"));
    assertEquals(new ProcessLimit(Resource.NOFILE, 1, 2), LimitText.ulimit("NOFILE=1:2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nofile", "files=1", "nofile=a", "nofile=2:1", "nofile=1:2:3", "=1"})
  void ulimit_refuses(String text) {
    assertThrows(LimitException.class, () -> LimitText.ulimit(text));
  }

  @Test
  void rate_isOfADisk() {
    assertThrows(LimitException.class, () -> LimitText.rate(BlockIo.Kind.READS, "/dev/null:1"));
    assertThrows(LimitException.class, () -> LimitText.rate(BlockIo.Kind.READS, "/:1"));
    assertThrows(LimitException.class, () -> LimitText.rate(BlockIo.Kind.READS, "/dev/null:1m"));
    assertThrows(
        NoSuchFileException.class,
        () -> LimitText.rate(BlockIo.Kind.READ_BYTES, "/dev/no/such:1m"));
  }

  @ParameterizedTest
  @CsvSource({
    "5m,PT5M",
    "1h2m3.5s,PT1H2M3.5S",
    "300ms,PT0.3S",
    "0,PT0S",
    "0s,PT0S",
    "1ms,PT0.001S"
  })
  void timeout_readsDurations(String text, String expected) {
    assertEquals(Duration.parse(expected), LimitText.timeout(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-1s", "1us", "5 m", "1d", "99999999h9999999h"})
  void timeout_refuses(String text) {
    assertThrows(LimitException.class, () -> LimitText.timeout(text));
  }

  @Test
  void retry_waitsLongerEachTime_orAsToldTo() {
    Retry growing = LimitText.retry("100");
    assertEquals(101, growing.tries());
    assertEquals(Duration.ofSeconds(1), growing.before(2));
    assertEquals(Duration.ofSeconds(2), growing.before(3));
    assertEquals(Duration.ofSeconds(32), growing.before(7));
    assertEquals(Duration.ofSeconds(60), growing.before(8));
    assertEquals(Duration.ofSeconds(60), growing.before(101));
    assertEquals(Duration.ofMillis(500), LimitText.retry("2,500ms").before(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "101", "a", "2,", "2,5", "2,-1s", "2,2h", "2,1s,2", "999999999"})
  void retry_refuses(String text) {
    assertThrows(LimitException.class, () -> LimitText.retry(text));
  }

  @ParameterizedTest
  @CsvSource({"5m,5m", "300s,5m", "60m,1h", "1h30m,1h30m", "1h0m5s,1h0m5s", "1.5s,1.5s", "0,0s"})
  void duration_isBrief(String text, String expected) {
    assertEquals(expected, GoDuration.brief(GoDuration.parse(text)));
  }
}
