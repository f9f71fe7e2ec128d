package io.jbuild.linux.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class SyscallTest {
  private static final Pattern DEFINE =
      Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(?:__NR3264_)?(\\w+)");

  @Test
  void numbers_x86_agreeWithTheHeader() throws IOException {
    compare(Arch.X86_64, Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"));
  }

  @Test
  void numbers_aarch64_agreeWithTheHeader() throws IOException {
    compare(Arch.AARCH64, Path.of("/usr/include/asm-generic/unistd.h"));
  }

  private static void compare(Arch arch, Path header) throws IOException {
    assumeTrue(Files.exists(header), header + " is not installed: skipped");
    Map<String, String> defined = new HashMap<>();
    Matcher matcher = DEFINE.matcher(Files.readString(header));
    while (matcher.find()) {
      defined.putIfAbsent(matcher.group(1), matcher.group(2));
    }
    int compared = 0;
    for (Syscall call : Syscall.values()) {
      String number = defined.get(call.manualName());
      if (number != null && number.matches("\\d+")) {
        assertEquals(Integer.parseInt(number), call.number(arch), call.manualName());
        compared++;
      }
    }
    assertTrue(compared > Syscall.values().length - 8, "only " + compared + " compared");
  }

  @Test
  void arch_unknown_isRefusedByName() {
    assertEquals(Arch.X86_64, Arch.detect("amd64"));
    assertEquals(Arch.AARCH64, Arch.detect("arm64"));
    var e = assertThrows(UnsupportedOperationException.class, () -> Arch.detect("riscv64"));
    assertEquals("jbuild runs on x86_64 and aarch64, not on riscv64", e.getMessage());
  }

  @Test
  void call_failure_isMinusErrno() {
    assertEquals(-9, Kernel.call(Syscall.CLOSE, -1));
  }
}
