package io.jbuild.linux.spawn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.syscall.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MachineCodeTest {
  @TempDir Path work;

  @ParameterizedTest
  @EnumSource
  void bytes_ofEachArchitecture_areWhatTheSourceAssemblesTo(Arch architecture) throws Exception {
    String triple = architecture.name().toLowerCase(Locale.ROOT) + "-linux-gnu-";
    assumeTrue(present(triple + "gcc"), "SKIPPED: no " + triple + "gcc to rebuild the function");
    Path object = work.resolve("spawn.o");
    Path binary = work.resolve("spawn.bin");
    Path source =
        Path.of("src/main/native", MachineCode.fileName(architecture).replace(".bin", ".S"));
    run(triple + "gcc", "-c", "-o", object.toString(), source.toString());
    run(triple + "objcopy", "-O", "binary", "-j", ".text", object.toString(), binary.toString());

    byte[] shipped = MachineCode.bytes(architecture);
    assertArrayEquals(Files.readAllBytes(binary), shipped);
    assertTrue(shipped.length < 300, "grew to " + shipped.length + " bytes");
  }

  private static boolean present(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }
}
