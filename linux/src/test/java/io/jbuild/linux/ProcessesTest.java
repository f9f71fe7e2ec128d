package io.jbuild.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Program;
import io.jbuild.linux.spawn.Spawn;
import io.jbuild.linux.spawn.Syscall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Pipes, signals, pidfds and what else a process asks of the kernel. */
final class ProcessesTest {
  @Test
  void pipe_largeContent_arrivesWholeAndEnds() throws Exception {
    byte[] large = "0123456789".repeat(50_000).getBytes(UTF_8);
    try (Pipe pipe = Pipe.open()) {
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                try (OutputStream out = FdStreams.output(pipe.writeEnd())) {
                  out.write(large);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      try (InputStream in = FdStreams.input(pipe.readEnd())) {
        assertArrayEquals(large, in.readAllBytes());
      }
      assertEquals(null, writer.get());
    }
  }

  @Test
  void descriptors_areCloseOnExec() throws IOException {
    try (Pipe pipe = Pipe.open();
        KernelDir dir = KernelDir.open(Path.of("/"))) {
      for (Fd fd : new Fd[] {pipe.readEnd(), pipe.writeEnd(), dir.fd()}) {
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.number()));
        long flags = Long.parseLong(info.replaceAll("(?s).*flags:\\s*([0-7]+).*", "$1"), 8);
        assertTrue((flags & 02000000) != 0, info);
      }
    }
  }

  @Test
  void pidFd_ofProcessThatIsNot_isEsrch() {
    LinuxException e = assertThrows(LinuxException.class, () -> PidFd.open(Integer.MAX_VALUE));
    assertEquals(Errno.ESRCH, e.errno());
  }

  @Test
  void pidFd_signal_endsTheProcess() throws Exception {
    Process sleep = new ProcessBuilder("sleep", "600").start();
    try (PidFd pid = PidFd.open((int) sleep.pid())) {
      assertTrue(pid.signal(15));
      assertEquals(128 + 15, sleep.waitFor());
      assertFalse(pid.signal(15));
    }
  }

  private static Child start(String script) throws IOException {
    Program.Builder builder = Program.builder();
    builder.call(
        "unblock signals",
        Syscall.RT_SIGPROCMASK,
        Argument.number(2),
        new Argument.Buffer(new byte[8]),
        Argument.number(0),
        Argument.number(8));
    List<byte[]> argv = List.of("sh".getBytes(UTF_8), "-c".getBytes(UTF_8), script.getBytes(UTF_8));
    Program program =
        builder.exec(
            List.of("/bin/sh".getBytes(UTF_8)), argv, List.of("PATH=/bin".getBytes(UTF_8)));
    try (Spawn spawn = Spawn.prepare(program, Set.of(), OptionalInt.empty())) {
      return spawn.run();
    }
  }

  @Test
  void pidFd_waitFor_tellsCodeSignalAndUsage() throws IOException {
    Child child = start("exit 7");
    try (PidFd pid = PidFd.owning(Fd.owning(child.pidfd()))) {
      ProcessEnd end = pid.waitFor();
      assertFalse(end.signalled());
      assertEquals(7, end.status());
      assertTrue(end.maxResidentBytes() > 0);
      LinuxException e = assertThrows(LinuxException.class, pid::waitFor);
      assertEquals(Errno.ECHILD, e.errno());
    }
  }

  @Test
  void pidFd_poll_isEmptyWhileTheChildRuns() throws IOException {
    Child child = start("exec sleep 600");
    try (PidFd pid = PidFd.owning(Fd.owning(child.pidfd()))) {
      assertEquals(Optional.empty(), pid.poll());
      assertTrue(pid.signal(9));
      ProcessEnd end = pid.waitFor();
      assertTrue(end.signalled());
      assertFalse(end.dumpedCore());
      assertEquals(9, end.status());
    }
  }

  @Test
  void self_agreesWithProc() throws IOException {
    String status = Files.readString(Path.of("/proc/self/status"));
    String effective = status.replaceAll("(?s).*\nUid:\\t\\d+\\t(\\d+).*", "$1");
    assertEquals(Long.parseLong(effective), Self.effectiveUid());
    assertTrue(Self.kernelIsAtLeast(4, 0));
    assertFalse(Self.kernelIsAtLeast(1000, 0));
  }

  @Test
  void kill_withSignalZero_onlyAsks() throws IOException {
    Self.kill((int) ProcessHandle.current().pid(), 0);
    LinuxException e = assertThrows(LinuxException.class, () -> Self.kill(Integer.MAX_VALUE, 0));
    assertEquals(Errno.ESRCH, e.errno());
  }

  @Test
  void write_fullDevice_isEnospc() throws IOException {
    Path full = Path.of("/dev/full");
    try (Fd fd = Opening.path(PathBytes.of(full), OpenFlags.WRONLY, "O_WRONLY")) {
      LinuxException e =
          assertThrows(LinuxException.class, () -> FdStreams.output(fd).write(new byte[10]));
      assertEquals("write \"/dev/full\": ENOSPC (no space left on device)", e.getMessage());
    }
  }

  @Test
  void closeWritten_ofForeignDescriptor_tellsTheError() {
    Fd never = Fd.owning(Integer.MAX_VALUE);
    LinuxException e = assertThrows(LinuxException.class, never::closeWritten);
    assertEquals(Errno.EBADF, e.errno());
    never.close();
  }

  @Test
  void fd_release_leavesItOpen() throws IOException {
    try (Pipe pipe = Pipe.open()) {
      try (Fd again = Fd.owning(pipe.readEnd().release())) {
        assertTrue(again.isOpen());
      }
      assertThrows(IllegalStateException.class, () -> pipe.readEnd().number());
    }
  }
}
