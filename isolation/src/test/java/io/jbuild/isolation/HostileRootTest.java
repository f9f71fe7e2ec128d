package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Roots that try to lead the set-up to files of the host. */
class HostileRootTest extends SandboxFixture {
  private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);
  private Path host;

  @BeforeEach
  void makeHost() throws IOException {
    host = Files.createDirectory(work.resolve("host"));
    Files.writeString(host.resolve("hosts"), "host's own");
    Files.writeString(host.resolve("resolv.conf"), "host's own");
    Files.setLastModifiedTime(host, OLD);
  }

  @AfterEach
  void hostIsUntouched() throws IOException {
    assertEquals("host's own", Files.readString(host.resolve("hosts")));
    assertEquals("host's own", Files.readString(host.resolve("resolv.conf")));
    assertEquals(OLD, Files.getLastModifiedTime(host));
    try (var names = Files.list(host)) {
      assertEquals(2, names.count());
    }
  }

  private void replaceByLink(String name, Path target) throws IOException {
    Path place = rootfs.lower().resolve(name);
    if (Files.isDirectory(place)) {
      try (var names = Files.list(place)) {
        for (Path entry : names.toList()) {
          Files.delete(entry);
        }
      }
    }
    Files.deleteIfExists(place);
    Files.createSymbolicLink(place, target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "dev", "sys"})
  void start_systemDirectoryThatIsALink_isRefused(String name) throws Exception {
    replaceByLink(name, host);
    IOException e = assertThrows(IOException.class, () -> run("true"));
    assertEquals("\"/" + name + "\" of the root is not a directory", e.getMessage());
  }

  @Test
  void start_etcThatIsALinkToTheHost_staysInTheRoot() throws Exception {
    replaceByLink("etc", host);
    Run run = run("cat /etc/hosts; echo mine > /etc/hosts; true");
    assertEquals("", run.out());
  }

  @Test
  void start_etcThatIsALinkInTheRoot_isFollowedThere() throws Exception {
    replaceByLink("etc", Path.of("/tmp"));
    assertEquals("127.0.0.1\tlocalhost jbuild\n", run("head -n1 /tmp/hosts").out());
    assertEquals(List.of("tmp"), leftInUpper());
  }

  @Test
  void start_namesFilesThatAreDanglingLinks_areCoveredThemselves() throws Exception {
    replaceByLink("etc/hosts", host.resolve("hosts"));
    replaceByLink("etc/resolv.conf", Path.of("../run/systemd/resolve/stub-resolv.conf"));
    Run run = run("head -n1 /etc/hosts; cat /etc/resolv.conf");
    assertEquals(
        "127.0.0.1\tlocalhost jbuild\n# this sandbox has no network\n", run.out(), run.error());
    assertEquals(List.of(), leftInUpper());
  }

  @Test
  void start_namesFilesThatAreDirectories_areLeft() throws Exception {
    Files.createDirectories(rootfs.lower().resolve("etc/hosts/own"));
    Files.createDirectories(rootfs.lower().resolve("etc/resolv.conf"));
    Run run = run("ls /etc/hosts; ls /etc/resolv.conf");
    assertEquals("own\n", run.out(), run.error());
    SandboxFile file = new SandboxFile(TreePath.parse("/etc/hosts"), new byte[0], 0400, 0, 0);
    IOException e =
        assertThrows(IOException.class, () -> run(spec("true").withFiles(List.of(file))));
    assertEquals(
        "cannot mount a file on \"/etc/hosts\", which is a directory in the root", e.getMessage());
  }

  @Test
  void start_targetThroughALinkToTheHost_isNotMadeThere() throws Exception {
    replaceByLink("opt", host);
    SandboxFile file = new SandboxFile(TreePath.parse("/opt/hosts"), new byte[] {'x'}, 0400, 0, 0);
    IOException e =
        assertThrows(IOException.class, () -> run(spec("true").withFiles(List.of(file))));
    assertTrue(String.valueOf(e.getMessage()).contains("leads nowhere"), e.getMessage());
  }

  @Test
  void close_directoryOfAStubSwappedForALink_doesNotReachTheHost() throws Exception {
    Path source = Files.writeString(work.resolve("source"), "");
    SandboxSpec spec =
        spec("mv /opt /moved && ln -s " + host + " /opt && echo swapped")
            .withMounts(List.of(bind(source, "/opt/a/file", Set.of())));
    Run run = run(spec);
    assertEquals("swapped\n", run.out(), run.error());
    assertEquals(List.of("etc", "moved", "opt"), leftInUpper());
  }

  @Test
  void start_fakeDevNull_isNotUsedForMasking() throws Exception {
    Path dev = Files.createDirectory(rootfs.lower().resolve("dev"));
    Files.write(dev.resolve("null"), "fake".getBytes(StandardCharsets.UTF_8));
    Run run = run("cat /proc/timer_list /proc/keys /dev/null; stat -c %t:%T /dev/null");
    assertEquals("1:3\n", run.out());
  }

  @Test
  void start_writesThroughProc_changeNothingOfTheHost() throws Exception {
    Run run = run("echo x > /proc/sys/kernel/core_pattern; echo b > /proc/sysrq-trigger; true");
    assertTrue(run.error().contains("Read-only file system"), run.error());
  }

  /** E01: while the kernel looks for the command, no link and no script leads to the runtime. */
  @ParameterizedTest
  @ValueSource(strings = {"link", "script", "pid"})
  void start_commandThatLeadsToWhatStartsIt_findsNoFileOfTheHost(String way) throws Exception {
    Path command = rootfs.lower().resolve("bin/way");
    switch (way) {
      case "link" -> Files.createSymbolicLink(command, Path.of("/proc/self/exe"));
      case "pid" -> Files.createSymbolicLink(command, Path.of("/proc/1/exe"));
      default -> {
        Files.writeString(command, "#!/proc/self/exe -version\n");
        assertTrue(command.toFile().setExecutable(true));
      }
    }
    plantInterpreter();
    Command asked = Command.of(List.of("/bin/way", "-version"), Run.ENVIRONMENT);
    Run run = run(SandboxSpec.of(rootfs.overlay(), asked));
    assertEquals(new ExitStatus.Exited(127), run.status(), run.out());
    assertEquals("", run.out(), "the interpreter of a file of the host has run");
  }

  /** What the Java runtime would be run by in this root: it tells, where it is asked to. */
  private void plantInterpreter() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "SKIPPED: no gcc for the interpreter");
    Path source = Files.writeString(work.resolve("ld.c"), TELLING_INTERPRETER);
    for (String name : List.of("lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1")) {
      Path place = rootfs.lower().resolve(name);
      Files.createDirectories(place.getParent());
      Process gcc =
          new ProcessBuilder(
                  "/usr/bin/gcc",
                  "-static",
                  "-nostdlib",
                  "-ffreestanding",
                  "-fno-stack-protector",
                  "-o",
                  place.toString(),
                  source.toString())
              .inheritIO()
              .start();
      assertEquals(0, gcc.waitFor());
    }
  }

  private static final String TELLING_INTERPRETER =
      """
      #include <sys/syscall.h>
      static long call(long n, long a, long b, long c) {
      #ifdef __x86_64__
        long r;
        __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
        return r;
      #else
        register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
        __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
        return x0;
      #endif
      }
      void _start(void) {
        call(SYS_write, 1, (long)"it runs\\n", 8);
        call(SYS_exit_group, 0, 0, 0);
        for (;;) {}
      }
      """;
}
