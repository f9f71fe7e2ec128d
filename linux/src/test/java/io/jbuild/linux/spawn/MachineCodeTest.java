package io.jbuild.linux.spawn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.syscall.Arch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    Path object = work.resolve("code.o");
    Path binary = work.resolve("code.bin");
    for (String name :
        List.of(MachineCode.fileName(architecture), Starter.fileName(architecture))) {
      Path source = Path.of("src/main/native", name.replace(".bin", ".S"));
      run(triple + "gcc", "-c", "-o", object.toString(), source.toString());
      run(triple + "objcopy", "-O", "binary", "-j", ".text", object.toString(), binary.toString());

      byte[] shipped = MachineCode.bytes(name);
      assertArrayEquals(Files.readAllBytes(binary), shipped, name);
      assertTrue(shipped.length < 500, name + " grew to " + shipped.length + " bytes");
    }
  }

  /** The starter by itself: what it executes, and what it answers on descriptor 3. */
  @ParameterizedTest
  @EnumSource
  void starter_ofEachArchitecture_executesTheFirstPathThatItCan(Arch architecture)
      throws Exception {
    String name = architecture.name().toLowerCase(Locale.ROOT);
    String emulator = "qemu-" + name + "-static";
    boolean host = architecture == Arch.host();
    assumeTrue(host || present(emulator), "SKIPPED: no " + emulator + " to run " + name);
    Path starter = work.resolve("starter");
    Files.write(starter, MachineCode.bytes(Starter.fileName(architecture)));
    assertTrue(starter.toFile().setExecutable(true));
    String run = (host ? "" : emulator + " ") + starter;

    assertEquals(
        "a b\n", output(List.of("sh", "-c", run + " - - /no /bin/echo /bin/false '' echo a b")));
    assertEquals(
        "V=w\n",
        output(List.of("sh", "-c", "exec env -i V=w " + run + " - - /usr/bin/env '' env")));
    Path answer = work.resolve("answer");
    for (Object[] wrong :
        new Object[][] {
          {"/no", 2}, {"/etc/passwd/x /no", 20}, {"/no / /no", 13}, {"/no /proc/version", 13}
        }) {
      output(
          List.of("sh", "-c", run + " - - " + wrong[0] + " '' x 3>" + answer + " || [ $? = 127 ]"));
      assertArrayEquals(
          new byte[] {((Integer) wrong[1]).byteValue(), 0, 0, 0}, Files.readAllBytes(answer));
    }
    Path label = work.resolve("label");
    Files.writeString(label, "");
    String labelled = run + " label 'exec some' /bin/echo '' echo in 4<" + work;
    assertEquals("in\n", output(List.of("sh", "-c", labelled)));
    assertEquals("exec some", Files.readString(label));
    Files.delete(label);
    output(List.of("sh", "-c", labelled + " 3>" + answer + " || [ $? = 127 ]"));
    assertArrayEquals(new byte[] {2, 0, 1, 0}, Files.readAllBytes(answer));
    output(List.of("sh", "-c", run + " - - x; [ $? = 127 ]"));
  }

  /**
   * Elsewhere than on the machine itself the function runs under qemu-user, which turns a child
   * that shares memory into one that does not: what the child does is seen, its results are not.
   */
  @ParameterizedTest
  @EnumSource
  void function_ofEachArchitecture_walksAProgram(Arch architecture) throws Exception {
    String name = architecture.name().toLowerCase(Locale.ROOT);
    String gcc = name + "-linux-gnu-gcc";
    String emulator = "qemu-" + name + "-static";
    boolean host = architecture == Arch.host();
    assumeTrue(present(gcc), "SKIPPED: no " + gcc + " for the harness");
    assumeTrue(host || present(emulator), "SKIPPED: no " + emulator + " to run " + name);
    Path harness = work.resolve("harness");
    run(gcc, "-static", "-w", "-o", harness.toString(), "src/test/native/spawn_harness.c");
    Path code = work.resolve("code");
    Files.write(code, MachineCode.bytes(MachineCode.fileName(architecture)));

    List<String> command = new ArrayList<>(host ? List.of() : List.of(emulator));
    String clone = Integer.toString(architecture.pick(56, 220));
    command.addAll(List.of(harness.toString(), code.toString(), clone));
    String good = output(command);
    assertTrue(good.startsWith("child\nexit 7 "), good);
    command.add("fail");
    String bad = output(command);
    assertTrue(bad.startsWith("child\nexit 127 "), bad);
    if (host) {
      assertTrue(good.contains("results -2 1 6 0"), good);
      assertTrue(bad.contains("results -2 1 6 -116"), bad);
    }
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command));
    return out;
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
