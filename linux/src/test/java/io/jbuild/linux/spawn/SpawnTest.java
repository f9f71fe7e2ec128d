package io.jbuild.linux.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ContentOf;
import io.jbuild.linux.spawn.Argument.ResultOf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {
  private static final long AT_FDCWD = -100;
  private static final long O_WRONLY_CREAT = 0101;

  @TempDir Path work;

  @Test
  void run_programThatWrites_leavesWhatItWrote() throws Exception {
    Path file = work.resolve("out");
    Program.Builder program = Program.builder();
    ResultOf fd = open(program, file);
    write(program, fd, "from the child");
    start(exec(program, "/bin/true"));
    assertEquals("from the child", Files.readString(file));
  }

  @Test
  void run_argumentsAndEnvironment_reachTheProgramByteForByte() throws Exception {
    Path file = work.resolve("out");
    Program.Builder program = Program.builder();
    program.call("dup", Syscall.DUP3, open(program, file), Argument.number(1), Argument.number(0));
    byte[] odd = {'x', (byte) 0xff, '\n'};
    start(
        program.exec(
            List.of(bytes("/bin/sh")),
            List.of(
                bytes("sh"), bytes("-c"), bytes("printf '%s|%s' \"$V\" \"$1\""), bytes("-"), odd),
            List.of(bytes("V=a b"))));
    byte[] expected = {'a', ' ', 'b', '|', 'x', (byte) 0xff, '\n'};
    assertArrayEquals(expected, Files.readAllBytes(file));
  }

  @Test
  void attempt_programThatEnds_leavesNoChild() throws Exception {
    Program.Builder program = Program.builder();
    program.call("enter \"/\"", Syscall.CHDIR, Argument.text("/"));
    try (Spawn spawn = Spawn.prepare(program.end(), Set.of(), OptionalInt.empty())) {
      spawn.attempt();
    }
    assertEquals(0, ProcessHandle.current().children().count());
  }

  @Test
  void attempt_refusedStep_namesItAndLeavesNoChild() throws Exception {
    Program.Builder program = Program.builder();
    program.call("enter \"/no/such\"", Syscall.CHDIR, Argument.text("/no/such"));
    try (Spawn spawn = Spawn.prepare(program.end(), Set.of(), OptionalInt.empty())) {
      SpawnException e = assertThrows(SpawnException.class, spawn::attempt);
      assertEquals("enter \"/no/such\"", e.step());
      assertEquals(2, e.errno());
    }
    assertEquals(0, ProcessHandle.current().children().count());
  }

  @Test
  void run_failingStep_namesItAndLeavesNoChild() {
    Program.Builder program = Program.builder();
    program.call("enter \"/no/such\"", Syscall.CHDIR, Argument.text("/no/such"));
    SpawnException e = assertThrows(SpawnException.class, () -> start(exec(program, "/bin/true")));
    assertEquals(2, e.errno());
    assertEquals("enter \"/no/such\"", e.step());
    assertFalse(e.execFailed());
    assertEquals(0, ProcessHandle.current().children().count());
  }

  @Test
  void run_toleratedErrors_goOn() throws Exception {
    Program.Builder program = Program.builder();
    Argument path = Argument.text("/no/such");
    program.call("enter", OnError.tolerate(2), Syscall.CHDIR, path);
    program.call("enter", OnError.IGNORE, Syscall.CHDIR, path);
    start(exec(program, "/bin/true"));
  }

  @Test
  void run_otherErrorThanTolerated_fails() {
    Program.Builder program = Program.builder();
    program.call("enter", OnError.tolerate(13), Syscall.CHDIR, Argument.text("/no/such"));
    assertThrows(SpawnException.class, () -> start(exec(program, "/bin/true")));
  }

  @Test
  void run_pathSearch_passesOverWhatIsMissing() throws Exception {
    start(exec(Program.builder(), "/no/such/true", "/etc/passwd/true", "/bin/true"));
  }

  @Test
  void run_pathSearchWithoutResult_prefersRefusedToMissing() throws Exception {
    Path plain = Files.writeString(work.resolve("plain"), "no program");
    SpawnException e =
        assertThrows(
            SpawnException.class,
            () -> start(exec(Program.builder(), "/no/such", plain.toString(), "/no")));
    assertTrue(e.execFailed());
    assertEquals(13, e.errno());
  }

  @Test
  void run_checks_compareMemoryThatAnEarlierStepFilled() throws Exception {
    for (char expected : new char[] {'/', 'x'}) {
      Program.Builder program = Program.builder();
      Buffer path = new Buffer(new byte[4096]);
      program.call("getcwd", Syscall.GETCWD, path, Argument.number(4096));
      program.check("see the current directory", new ContentOf(path), 0xff, expected, 116);
      Program done = exec(program, "/bin/true");
      if (expected == '/') {
        start(done);
      } else {
        assertEquals(116, assertThrows(SpawnException.class, () -> start(done)).errno());
      }
    }
  }

  @Test
  void run_withoutClone3_worksTheSame() throws Exception {
    Program program = exec(Program.builder(), "/bin/true");
    try (Spawn spawn = Spawn.prepareOlder(program, Set.of())) {
      Child child = spawn.run();
      assertEquals(child.pid(), spawn.pid());
      RawCall.reap(child.pid());
      RawCall.close(child.pidfd());
    }
  }

  @Test
  void run_manyThreadsUnderCollection_neverFails() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread churn = new Thread(() -> churn(done), "churn");
    churn.start();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        runs.add(pool.submit(() -> spawnMany(500)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      done.set(true);
      pool.shutdownNow();
      churn.join();
    }
  }

  private static void spawnMany(int count) {
    try {
      for (int i = 0; i < count; i++) {
        Program.Builder program = Program.builder();
        Buffer number = new Buffer(new byte[] {(byte) i, (byte) (i >> 8), 0, 0, 0, 0, 0, 0});
        program.check("still hold " + i, new ContentOf(number), -1, i, 116);
        start(exec(program, "/no/such/" + i, "/bin/true"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void churn(AtomicBoolean done) {
    for (int i = 0; !done.get(); i++) {
      byte[][] rubbish = new byte[100][];
      for (int j = 0; j < rubbish.length; j++) {
        rubbish[j] = new byte[10_000];
      }
      if (i % 200 == 0) {
        System.gc();
      }
      Thread short_ = new Thread(() -> {});
      short_.start();
    }
  }

  private static ResultOf open(Program.Builder program, Path file) {
    return program.call(
        "open",
        Syscall.OPENAT,
        Argument.number(AT_FDCWD),
        Argument.text(file.toString()),
        Argument.number(O_WRONLY_CREAT),
        Argument.number(0600));
  }

  private static void write(Program.Builder program, ResultOf fd, String text) {
    Argument buffer = new Buffer(bytes(text));
    program.call("write", Syscall.WRITE, fd, buffer, Argument.number(bytes(text).length));
  }

  private static Program exec(Program.Builder program, String... paths) {
    program.call(
        "unblock signals",
        Syscall.RT_SIGPROCMASK,
        Argument.number(2),
        new Buffer(new byte[8]),
        Argument.number(0),
        Argument.number(8));
    return program.exec(
        Arrays.stream(paths).map(SpawnTest::bytes).toList(), List.of(bytes("true")), List.of());
  }

  private static void start(Program program) throws IOException {
    try (Spawn spawn = Spawn.prepare(program, Set.of(), OptionalInt.empty())) {
      Child child = spawn.run();
      RawCall.reap(child.pid());
      RawCall.close(child.pidfd());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
