package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.StepInfo;
import io.jbuild.builder.engine.Engines;
import io.jbuild.builder.source.BuildfileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies, or the disk is full: what was announced stays, the next build is right. */
class CrashTest {
  private static final String SLOW =
      "FROM busybox:test\nRUN echo first > /first\n"
          + "RUN echo half > /half && echo running && sleep 300 && echo whole > /half\n";

  @TempDir private Path directory;

  /** A build in a process of its own, which tells every line of output. */
  static final class Forked {
    private Forked() {}

    public static void main(String[] args) throws Exception {
      EngineSettings settings = EngineSettings.of(Path.of(args[0]));
      try (Engine engine = Engines.open(settings, OutputStream.nullOutputStream(), warning -> {})) {
        engine.build(
            BuildRequest.builder()
                .buildfile("Buildfile", SLOW.getBytes(StandardCharsets.UTF_8))
                .defaultNetwork(NetworkMode.NONE)
                .build(),
            new BuildListener() {
              @Override
              public void stepOutput(StepInfo step, boolean standardError, byte[] line) {
                System.out.println(new String(line, StandardCharsets.UTF_8));
              }
            });
      }
    }
  }

  @Test
  void killedInAStep_theNextBuildIsRight() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Process forked = fork(builds.store());
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(forked.getInputStream(), StandardCharsets.UTF_8))) {
        assertEquals("running", out.readLine());
      }
      Optional<ProcessHandle> step = forked.toHandle().descendants().findFirst();
      assertEquals(137, forked.destroyForcibly().waitFor());
      if (step.isPresent()) {
        step.get().onExit().get();
      }
      assertEquals(List.of(), mountsOfOurs());
      assertEquals(1, ingests(builds));
    }
    try (Builds builds = Builds.again(directory)) {
      assertEquals(0, ingests(builds), "what the dead process left is still there");
      builds.build(
          "FROM busybox:test", "RUN echo first > /first", "RUN test ! -e /half && echo right");
      assertEquals(List.of("RUN echo first > /first"), builds.last().cached());
      assertEquals(List.of("right"), builds.last().output());
    }
  }

  /** Of our store alone: others mount and unmount on this machine while we look. */
  private List<String> mountsOfOurs() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines.filter(line -> line.contains(directory.toString())).toList();
    }
  }

  private static Process fork(Path store) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Forked.class.getName(),
            store.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long ingests(Builds builds) throws IOException {
    try (var list = Files.list(builds.store().resolve("ingest"))) {
      return list.count();
    }
  }

  @Test
  void fullDisk_failsLoudlyAndLeavesTheStoreUsable() throws Exception {
    Tools.require("mount", "umount");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    try {
      Tools.run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
    } catch (IOException e) {
      org.junit.jupiter.api.Assumptions.abort("skipped: cannot mount a tmpfs: " + e.getMessage());
    }
    try (Builds builds = Builds.in(disk)) {
      Path context = Files.createDirectory(directory.resolve("large"));
      Files.write(context.resolve("large"), new byte[40 << 20]);
      StepFailedException run =
          assertThrows(
              StepFailedException.class,
              () ->
                  builds.build(
                      "FROM busybox:test", "RUN dd if=/dev/zero of=/large bs=1M count=40"));
      assertTrue(run.render().contains("No space left"), run.render());
      BuildfileException copy =
          assertThrows(
              BuildfileException.class,
              () ->
                  builds.build(
                      request -> request.context(context), "FROM busybox:test", "COPY large /"));
      assertTrue(String.valueOf(copy.getMessage()).contains("ENOSPC"), copy.getMessage());
      builds.build("FROM busybox:test", "RUN echo small > /small");
      assertEquals("small\n", builds.root().get("/small").content());
      assertFalse(builds.root().containsKey("/large"));
    } finally {
      Tools.run("umount", "-l", disk.toString());
    }
  }
}
