package io.jbuild.bench;

import io.jbuild.isolation.Command;
import io.jbuild.isolation.ExitStatus;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.Sandbox;
import io.jbuild.isolation.SandboxSpec;
import io.jbuild.isolation.Stdio;
import io.jbuild.linux.mount.Overlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a sandbox with all walls costs, beside {@code runc run} of a bundle with the same root; and
 * whether many of them start under pressure. Called by {@code sandbox-start.sh}.
 *
 * <pre>
 * SandboxSpeed start DIRECTORY BUNDLE COUNT    milliseconds of both, in turn
 * SandboxSpeed churn DIRECTORY COUNT           that many from four threads, beside garbage and threads
 * </pre>
 */
public final class SandboxSpeed {
  private static final List<String> ENVIRONMENT = List.of("PATH=/bin");
  private static final int THREADS = 4;

  private final Path work;
  private final Path lower;
  private final AtomicInteger uppers = new AtomicInteger();

  private SandboxSpeed(Path work) {
    this.work = work;
    this.lower = work.resolve("root");
  }

  public static void main(String[] args) throws Exception {
    SandboxSpeed speed = new SandboxSpeed(Path.of(args[1]));
    switch (args[0]) {
      case "start" -> speed.compare(Path.of(args[2]), Integer.parseInt(args[3]));
      case "churn" -> speed.churn(Integer.parseInt(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private void compare(Path bundle, int count) throws Exception {
    double[] start = new double[count];
    double[] whole = new double[count];
    double[] runc = new double[count];
    try (IsolationCore core = IsolationCore.open(work.resolve("run"))) {
      for (int i = 0; i < count; i++) {
        SandboxSpec spec = spec();
        long begin = System.nanoTime();
        try (Sandbox sandbox = core.start(spec, Stdio.discarded())) {
          start[i] = millisSince(begin);
          requireSuccess(sandbox.waitFor());
        }
        whole[i] = millisSince(begin);
        begin = System.nanoTime();
        runc(bundle, "bench-" + ProcessHandle.current().pid() + "-" + i);
        runc[i] = millisSince(begin);
      }
    }
    double started = print("jbuild: start to exec, all walls", start);
    double ran = print("jbuild: start, true, removal", whole);
    double other = print("runc:   run of true", runc);
    System.out.printf("ratio: start %.3f, whole %.3f%n", started / other, ran / other);
  }

  private static void runc(Path bundle, String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("runc", "run", "--bundle", bundle.toString(), name)
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("runc failed with " + process.exitValue());
    }
  }

  private void churn(int count) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread garbage = new Thread(() -> makeGarbage(over), "garbage");
    Thread threads = new Thread(() -> makeThreads(over), "threads");
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (IsolationCore core = IsolationCore.open(work.resolve("run"))) {
      runMany(pool, core, THREADS * 5); // what a JVM opens and starts once is there now
      State before = State.now();
      garbage.start();
      threads.start();
      long begin = System.nanoTime();
      runMany(pool, core, count);
      double seconds = millisSince(begin) / 1000;
      over.set(true);
      garbage.join();
      threads.join();
      State after = State.now();
      System.out.printf("%d sandboxes in %.1f s, no failure%n", count, seconds);
      System.out.println("before: " + before);
      System.out.println("after:  " + after);
      if (!after.isNoMoreThan(before)) {
        throw new IllegalStateException("something was left");
      }
    } finally {
      over.set(true);
      pool.shutdownNow();
    }
  }

  private void runMany(ExecutorService pool, IsolationCore core, int count) throws Exception {
    List<Future<?>> runs = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      runs.add(
          pool.submit(
              () -> {
                for (int i = 0; i < count / THREADS; i++) {
                  try (Sandbox sandbox = core.start(spec(), Stdio.discarded())) {
                    requireSuccess(sandbox.waitFor());
                  }
                }
                return null;
              }));
    }
    for (Future<?> run : runs) {
      run.get();
    }
  }

  /** Short-lived arrays, and an order to collect them now and then. */
  private static void makeGarbage(AtomicBoolean over) {
    List<byte[]> kept = new ArrayList<>();
    for (int round = 0; !over.get(); round++) {
      kept.add(new byte[64 << 10]);
      if (kept.size() > 500) {
        kept.clear();
      }
      if (round % 20_000 == 0) {
        System.gc();
      }
    }
  }

  private static void makeThreads(AtomicBoolean over) {
    while (!over.get()) {
      Thread thread = new Thread(() -> {}, "churn");
      thread.start();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private SandboxSpec spec() throws IOException {
    Path own = work.resolve("upper-" + uppers.incrementAndGet());
    Path upper = Files.createDirectories(own.resolve("fs"));
    Path scratch = Files.createDirectories(own.resolve("work"));
    return SandboxSpec.of(
        Overlay.writable(List.of(lower), upper, scratch, false),
        Command.of(List.of("true"), ENVIRONMENT));
  }

  private static void requireSuccess(ExitStatus status) {
    if (!status.success()) {
      throw new IllegalStateException("the command ended with " + status);
    }
  }

  private static double millisSince(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  /** Prints the second half, when the virtual machine is warm; returns its median. */
  private static double print(String what, double[] millis) {
    double[] warm = Arrays.copyOfRange(millis, millis.length / 2, millis.length);
    Arrays.sort(warm);
    double median = warm[warm.length / 2];
    System.out.printf(
        "%-34s median %6.2f ms, best %6.2f ms, p95 %6.2f ms, the very first %6.2f ms%n",
        what, median, warm[0], warm[warm.length * 95 / 100], millis[0]);
    return median;
  }

  /** What could pile up. */
  private record State(long descriptors, long threads, long mounts, long interfaces, long groups) {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    static State now() throws IOException {
      try (var fds = Files.list(Path.of("/proc/self/fd"));
          var tasks = Files.list(Path.of("/proc/self/task"));
          var mounts = Files.lines(Path.of("/proc/self/mountinfo"));
          var links = Files.list(Path.of("/sys/class/net"))) {
        return new State(fds.count(), tasks.count(), mounts.count(), links.count(), ownGroups());
      }
    }

    /** Those that are written down for this process. */
    private static long ownGroups() throws IOException {
      String mine = "-" + ProcessHandle.current().pid() + "-";
      try (var all = Files.find(GROUPS, 6, (path, attributes) -> attributes.isDirectory())) {
        return all.filter(path -> path.getFileName().toString().contains(mine)).count();
      }
    }

    /** The collector and the compiler start and end threads as they like. */
    boolean isNoMoreThan(State before) {
      return descriptors <= before.descriptors
          && threads <= before.threads + 3
          && mounts <= before.mounts
          && interfaces <= before.interfaces
          && groups <= before.groups;
    }
  }
}
