package io.jbuild.isolation.running;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Self;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NamespaceTableTest {
  @Test
  void of_processInItsOwnNamespaces_isWhatLsnsTells() throws Exception {
    requireRoot();
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/lsns")), "lsns is not installed: skipped");
    Process sleeper = sleeper("sleep 60; :");
    try {
      int pid = inner(sleeper);
      List<NamespaceEntry> own = NamespaceTable.of(pid).orElseThrow();
      String told = run("lsns", "-n", "-p", Integer.toString(pid), "-o", "NS,TYPE");
      List<String> expected =
          told.lines().map(line -> line.strip().replaceAll(" +", " ")).sorted().toList();
      assertEquals(
          expected,
          own.stream().map(entry -> entry.number() + " " + entry.kind()).sorted().toList());
      assertEquals(NamespaceTable.KINDS, own.stream().map(NamespaceEntry::kind).toList());
    } finally {
      end(sleeper);
    }
  }

  @Test
  void of_userNamespace_ownsTheOthersAndHasAParent() throws Exception {
    requireRoot();
    Process sleeper = sleeper("sleep 60; :");
    try {
      List<NamespaceEntry> own = NamespaceTable.of(inner(sleeper)).orElseThrow();
      NamespaceEntry user = of(own, "user");
      assertEquals(OptionalLong.of(user.number()), of(own, "net").owner());
      assertEquals(OptionalLong.of(user.number()), of(own, "pid").owner());
      assertEquals(OptionalLong.of(number("user")), user.parent());
      assertEquals(OptionalLong.of(number("pid")), of(own, "pid").parent());
    } finally {
      end(sleeper);
    }
  }

  @Test
  void of_hostileCommandLine_isPrintable() throws Exception {
    requireRoot();
    Process sleeper = sleeper(": '\033[2J\nname'; sleep 60; :");
    try {
      String command = of(NamespaceTable.of(inner(sleeper)).orElseThrow(), "mnt").command();
      assertTrue(command.contains("\\x1b[2J\\nname"), command);
      assertFalse(command.chars().anyMatch(Character::isISOControl), command);
    } finally {
      end(sleeper);
    }
  }

  @Test
  void of_noSuchProcess_isEmpty() throws Exception {
    assertEquals(Optional.empty(), NamespaceTable.of(999_999_999));
  }

  @Test
  void all_thisProcess_isCounted() throws Exception {
    List<NamespaceEntry> all = NamespaceTable.all();
    assertTrue(all.stream().anyMatch(entry -> entry.kind().equals("user")));
    NamespaceEntry own =
        all.stream()
            .filter(entry -> entry.kind().equals("mnt") && entry.number() == uncheckedNumber("mnt"))
            .findFirst()
            .orElseThrow();
    assertTrue(own.processes() > 0);
    assertTrue(own.pid() <= ProcessHandle.current().pid());
  }

  private static void requireRoot() {
    assumeTrue(Self.isRoot(), "needs root for namespaces of its own: skipped");
  }

  private static NamespaceEntry of(List<NamespaceEntry> all, String kind) {
    return all.stream().filter(each -> each.kind().equals(kind)).findFirst().orElseThrow();
  }

  private static long number(String kind) throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
    return Long.parseLong(link.replaceAll("[^0-9]", ""));
  }

  private static long uncheckedNumber(String kind) {
    try {
      return number(kind);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Says that it is there, and sleeps in namespaces of its own. */
  private static Process sleeper(String script) throws IOException {
    return new ProcessBuilder(
            "unshare", "-UrmniupCf", "--kill-child", "sh", "-c", "echo there; " + script)
        .redirectErrorStream(true)
        .start();
  }

  private static int inner(Process outer) throws IOException {
    byte[] there = outer.getInputStream().readNBytes("there\n".length());
    assertEquals("there\n", new String(there, UTF_8));
    return (int) outer.children().findFirst().orElseThrow().pid();
  }

  private static void end(Process sleeper) throws InterruptedException {
    sleeper.destroyForcibly();
    int unused = sleeper.waitFor();
  }

  private static String run(String... words) throws Exception {
    Process process = new ProcessBuilder(words).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor());
    return text;
  }
}
