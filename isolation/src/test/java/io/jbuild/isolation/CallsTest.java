package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every number of a system call, in a real sandbox and without executing one of them. */
class CallsTest extends SandboxFixture {
  private static final boolean X86 = System.getProperty("os.arch", "").equals("amd64");

  /** The calls pass every filter, and kill whoever makes them by hand. */
  private static final Set<String> UNTRIED = Set.of("uprobe", "uretprobe");

  private static String expected(String name, String rule) {
    return switch (rule) {
      case "allow" -> UNTRIED.contains(name) ? "untried" : "allow";
      case "clone", "socket", "personality" -> "allow"; // with all arguments 0
      case "clone3" -> "ENOSYS";
      default -> rule.equals("SYS_CHROOT") ? "allow" : "EPERM";
    };
  }

  /** Number to outcome, as the table has it. */
  private static Map<Integer, String> table(int column) throws IOException {
    Map<Integer, String> outcomes = new HashMap<>();
    try (InputStream in = Walls.class.getResourceAsStream("seccomp/calls.txt")) {
      assertTrue(in != null);
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n", -1)) {
        String[] fields = line.split(" +", -1);
        if (!line.startsWith("#") && fields.length == 6 && !fields[column].equals("-")) {
          outcomes.put(Integer.valueOf(fields[column]), expected(fields[0], fields[5]));
        }
      }
    }
    return outcomes;
  }

  private List<String> tryAll(boolean thirtyTwoBit) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "SKIPPED: no gcc for the probe");
    Path probe = rootfs.lower().resolve("bin/calls");
    List<String> gcc =
        List.of(
            "/usr/bin/gcc", "-static", "-O1", "-o", probe.toString(), "src/test/native/calls.c");
    assertEquals(0, new ProcessBuilder(gcc).inheritIO().start().waitFor());
    Run run =
        run(
            spec(thirtyTwoBit ? "exec calls narrow" : "exec calls")
                .withWalls(Walls.DEFAULT.withThirtyTwoBit(thirtyTwoBit)));
    assertEquals("", run.error());
    return run.out().lines().toList();
  }

  @Test
  void start_everyCall_isDecidedAsTheTableSays() throws Exception {
    Map<Integer, String> wide = table(X86 ? 1 : 2);
    Map<Integer, String> narrow = table(X86 ? 3 : 4);
    List<String> lines = tryAll(true);
    int tried = 0;
    for (String line : lines) {
      String[] fields = line.split(" ", -1);
      int number = Integer.parseInt(fields[1]);
      String wanted =
          switch (fields[0]) {
            case "64" -> wide.getOrDefault(number, "ENOSYS");
            case "32" -> narrow.getOrDefault(number, "ENOSYS");
            default -> Set.of(335, 336).contains(number) ? fields[2] : "ENOSYS"; // x32
          };
      assertEquals(wanted, fields[2], line);
      tried++;
    }
    assertEquals(X86 ? 3 * 1100 + 16 : 1100 + 16, tried);
  }
}
