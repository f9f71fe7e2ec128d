package io.jbuild.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.oci.text.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "Linux/x86_64, linux/amd64",
    "linux/x86-64/v1, linux/amd64",
    "linux/amd64/v3, linux/amd64/v3",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm64/8, linux/arm64",
    "linux/arm64/v9, linux/arm64/v9",
    "linux/arm, linux/arm/v7",
    "linux/arm/6, linux/arm/v6",
    "linux/armhf, linux/arm/v7",
    "linux/armel, linux/arm/v6",
    "linux/i386, linux/386",
    "macos/arm64, darwin/arm64",
    "linux/riscv64, linux/riscv64",
    "windows(10.0.17763.1)/amd64, windows(10.0.17763.1)/amd64",
  })
  void parse_valid_isNormalised(String text, String expected) throws Exception {
    assertEquals(expected, Platform.parse(text).toString());
  }

  @Test
  void parse_onePart_takesTheRestFromTheHost() throws Exception {
    assertEquals(Platform.host(), Platform.parse(Platform.host().os()));
    assertEquals(Platform.host().os() + "/s390x", Platform.parse("s390x").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "linux/",
        "/amd64",
        "linux//v7",
        "a/b/c/d",
        "plan10",
        "linux/../../x",
        "linux/..",
        "linux/amd 64",
        "linux/amd64\n",
        "linux()/amd64",
        "linux(/amd64",
        "l\u0131nux/amd64"
      })
  void parse_invalid_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> Platform.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64, 0",
    "linux/amd64, linux/386, 1",
    "linux/amd64, linux/amd64/v2, -1",
    "linux/amd64/v3, linux/amd64/v3, 0",
    "linux/amd64/v3, linux/amd64/v2, 1",
    "linux/amd64/v3, linux/amd64, 2",
    "linux/arm64, linux/arm64/v8, 0",
    "linux/arm64, linux/arm/v8, 1",
    "linux/arm64, linux/arm/v7, 2",
    "linux/arm/v7, linux/arm/v7, 0",
    "linux/arm/v7, linux/arm/v6, 1",
    "linux/arm/v6, linux/arm/v7, -1",
    "linux/amd64, windows/amd64, -1",
    "linux/s390x, linux/s390x, 0",
    "windows(10.0.17763)/amd64, windows(10.0.17763.99)/amd64, 0",
    "windows(10.0.17763)/amd64, windows(10.0.18000)/amd64, -1",
  })
  void rank_ordersWhatRunsHere(String wanted, String offered, int rank) throws Exception {
    assertEquals(rank, Platform.parse(wanted).rank(Platform.parse(offered)));
  }
}
