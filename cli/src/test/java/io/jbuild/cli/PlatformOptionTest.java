package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.oci.Platform;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PlatformOptionTest {
  private static List<String> several(String... texts) {
    return PlatformOption.several(List.of(texts)).stream().map(Platform::toString).toList();
  }

  @Test
  void several_keepTheirOrder_andCountOnce() {
    assertEquals(
        List.of("linux/arm64", "linux/amd64", "linux/arm/v7"),
        several("linux/arm64/v8, linux/x86_64", "linux/aarch64,linux/arm"));
    assertEquals(List.of(), several());
    assertEquals(List.of(Platform.host().toString()), several("local,local"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "linux/amd64,", "linux//v7", "windoze", "a/b/c/d", "linux/$x"})
  void several_refuses(String text) {
    assertThrows(TypeConversionException.class, () -> several(text));
  }

  @Test
  void one_takesNoList() {
    assertThrows(TypeConversionException.class, () -> PlatformOption.one("linux/386,linux/arm"));
  }
}
