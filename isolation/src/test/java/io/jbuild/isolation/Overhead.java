package io.jbuild.isolation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what a sandbox costs, in milliseconds: from start() to the command's exec, and the whole
 * of a command that does nothing, with its removal. Run by hand: {@code java -cp … Overhead
 * [count]}.
 */
final class Overhead {
  private Overhead() {}

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    Path work = Files.createTempDirectory("overhead");
    Rootfs rootfs = Rootfs.make(work);
    try (IsolationCore core = IsolationCore.open(work.resolve("run"))) {
      double[] start = new double[count];
      double[] whole = new double[count];
      for (int i = 0; i < count; i++) {
        SandboxSpec spec =
            SandboxSpec.of(rootfs.overlay(), Command.of(List.of("true"), Run.ENVIRONMENT));
        long begin = System.nanoTime();
        try (Sandbox sandbox = core.start(spec, Stdio.discarded())) {
          start[i] = (System.nanoTime() - begin) / 1e6;
          sandbox.waitFor();
        }
        whole[i] = (System.nanoTime() - begin) / 1e6;
      }
      print("start to exec", start);
      print("whole", whole);
    }
  }

  private static void print(String what, double[] millis) {
    System.out.printf("%s: first %.1f ms", what, millis[0]);
    double[] warm = Arrays.copyOfRange(millis, millis.length / 2, millis.length);
    Arrays.sort(warm);
    System.out.printf(
        ", then median %.2f ms, best %.2f ms, p95 %.2f ms%n",
        warm[warm.length / 2], warm[0], warm[warm.length * 95 / 100]);
  }
}
