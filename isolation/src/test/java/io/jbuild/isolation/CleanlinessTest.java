package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is left behind: nothing. */
class CleanlinessTest extends SandboxFixture {
  private record State(long descriptors, long threads, long mounts) {
    /** Of mounts those below a directory: others mount on this machine while we look. */
    static State now(Path directory) throws IOException {
      try (var fds = Files.list(Path.of("/proc/self/fd"));
          var tasks = Files.list(Path.of("/proc/self/task"));
          var mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
        long ours = mounts.filter(line -> line.contains(directory.toString())).count();
        return new State(fds.count(), tasks.count(), ours);
      }
    }
  }

  /** The groups that are written down for owners on this runtime directory. */
  private List<Path> registeredGroups() throws IOException {
    List<Path> groups = new ArrayList<>();
    try (var owners = Files.list(work.resolve("run/owners"))) {
      for (Path owner : owners.toList()) {
        Files.readAllLines(owner).forEach(line -> groups.add(Path.of(line)));
      }
    }
    return groups;
  }

  @Test
  void start_hundredSteps_leaveEverythingFlat() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertEquals(0, run("true").status().code());
    }
    State before = State.now(work);
    for (int i = 0; i < 100; i++) {
      assertEquals(0, run("echo " + i).status().code());
    }
    State after = State.now(work);
    assertEquals(before.descriptors(), after.descriptors());
    assertEquals(before.mounts(), after.mounts());
    assertTrue(after.threads() <= before.threads() + 2, before + " " + after);
  }

  @Test
  void start_failures_leaveEverythingFlat() throws Exception {
    for (int i = 0; i < 3; i++) {
      failOnce();
    }
    State before = State.now(work);
    for (int i = 0; i < 20; i++) {
      failOnce();
    }
    State after = State.now(work);
    assertEquals(before.descriptors(), after.descriptors());
    assertEquals(before.mounts(), after.mounts());
    assertEquals(0, ProcessHandle.current().children().count());
  }

  private void failOnce() throws IOException, InterruptedException {
    Command command = Command.of(List.of("no-such"), Run.ENVIRONMENT);
    try {
      run(SandboxSpec.of(rootfs.overlay(), command));
      throw new AssertionError("started");
    } catch (CommandException e) {
      assertEquals(127, e.code());
    }
    assertEquals(List.of(), leftInUpper().stream().filter(n -> !n.equals("etc")).toList());
  }

  @Test
  void start_fourThreadsAtOnce_doNotDisturbEachOther() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int number = thread;
        runs.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    SandboxSpec spec = spec("echo " + number + "-" + i);
                    assertEquals(number + "-" + i + "\n", run(spec).out());
                  }
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void sweep_afterKillOfTheBuilder_leavesNothing() throws Exception {
    State before = State.now(work);
    Process builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Builder.class.getName(),
                work.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid;
    List<Path> groups;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(builder.getInputStream(), StandardCharsets.UTF_8))) {
      pid = Long.parseLong(String.valueOf(out.readLine()));
      assertTrue(isAlive(pid));
      assertEquals(0, core.sweep(), "the builder lives");
      assertTrue(isAlive(pid));
      groups = registeredGroups();
      builder.destroyForcibly();
      assertEquals(137, builder.waitFor());
    }
    assertEquals(1, core.sweep());
    assertFalse(isAlive(pid), "the step outlived its builder");
    assertFalse(groups.isEmpty());
    groups.forEach(group -> assertFalse(Files.exists(group), group.toString()));
    assertEquals(before.mounts(), State.now(work).mounts());
    assertEquals(0, core.sweep());
  }

  /** An orphan that is dead may wait for the machine's init as a zombie. */
  private static boolean isAlive(long pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Starts a step that never ends, and tells its pid. */
  static final class Builder {
    private Builder() {}

    public static void main(String[] args) throws Exception {
      Path work = Path.of(args[0]);
      Rootfs rootfs = Rootfs.of(work);
      IsolationCore core = IsolationCore.open(work.resolve("run"));
      SandboxSpec spec =
          SandboxSpec.of(rootfs.overlay(), Run.shell("sleep 1000 & sleep 1000 & sleep 1000"));
      Sandbox sandbox = core.start(spec, Stdio.discarded());
      System.out.println(sandbox.pid());
      sandbox.waitFor();
    }
  }
}
