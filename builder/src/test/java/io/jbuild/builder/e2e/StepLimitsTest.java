package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.builder.BuildResult;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.StepUsage;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.ResourceLimits;
import io.jbuild.builder.value.Retry;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.cgroup.Controller;
import io.jbuild.isolation.cgroup.Controls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a step may use, how long it may take, and how often it is tried. */
class StepLimitsTest {
  /** Fails until it has counted to three; the count is in a cache, which keeps what was written. */
  private static final String COUNT =
      "--mount=type=cache,target=/count n=$(cat /count/n 2>/dev/null || echo 0);"
          + " echo $((n + 1)) > /count/n; echo counted $((n + 1));";

  private static final StepLimits AT_ONCE =
      StepLimits.NONE.withRetry(new Retry(2, Optional.of(Duration.ZERO)));

  @TempDir private Path directory;

  @Test
  void retry_beginsWithCleanFiles_andKeepsCaches() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildResult result =
          builds.build(
              "FROM busybox:test",
              "RUN --retry=2,0 " + COUNT + " ls / | grep -c left; touch /left-$n; test $n = 2");
      assertEquals(
          List.of(
              "counted 1",
              "0",
              "exit code 1; try 2 of 3",
              "counted 2",
              "0",
              "exit code 1; try 3 of 3",
              "counted 3",
              "0"),
          builds.last().output());
      assertTrue(builds.root().containsKey("/left-2"));
      assertFalse(builds.root().containsKey("/left-0"));
      StepUsage usage = result.steps().get(1).usage().orElseThrow();
      assertEquals(3, usage.tries());
      assertTrue(usage.cpu().toNanos() > 0);
    }
  }

  @Test
  void retry_endsWithTheLastFailure() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(
              StepFailedException.class,
              () ->
                  builds.build(
                      request -> request.limits(AT_ONCE),
                      "FROM busybox:test",
                      "RUN " + COUNT + " exit $((n + 5))"));
      assertEquals(7, error.exitCode());
      assertEquals("exit code 7", error.reason());
    }
  }

  @Test
  void retry_isNotForCommandsThatAreNotThere() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String command : List.of("nothing-there", "[\"/nothing/there\"]", "exit 126")) {
        assertThrows(
            StepFailedException.class,
            () ->
                builds.build(
                    request -> request.limits(AT_ONCE), "FROM busybox:test", "RUN " + command));
        assertTrue(
            builds.last().output().stream().noneMatch(line -> line.contains("try 2")),
            builds.last().output().toString());
      }
    }
  }

  @Test
  void retry_ofAComputedValue_beginsItAnew() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "# syntax=jbuild/1",
          "FROM busybox:test",
          "ARG --retry=2,0 --mount=type=cache,target=/c V=$(echo half; mkdir /c/x && exit 1; true)",
          "RUN echo $V");
      assertEquals("half", last(builds.last().output()));
    }
  }

  private static void requireLimits() throws IOException {
    Controls controls = ControlGroups.survey();
    for (Controller each : List.of(Controller.MEMORY, Controller.CPU, Controller.PIDS)) {
      Optional<String> why = controls.why(each);
      assumeTrue(why.isEmpty(), "SKIPPED: " + why.orElse(""));
    }
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  @Test
  void timeout_endsTheStep_andNamesItself() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(
              StepFailedException.class,
              () ->
                  builds.build("FROM busybox:test", "", "RUN --timeout=2s echo begun; sleep 300"));
      assertEquals("step took longer than its timeout of 2s", error.reason());
      assertTrue(String.valueOf(error.getMessage()).startsWith("Buildfile:3: "));
      assertEquals(List.of("begun"), error.lastLines());
      try (var list = Files.list(builds.store().resolve("ingest"))) {
        assertEquals(List.of(), list.toList());
      }
    }
  }

  @Test
  void timeout_letsAStepThatListensEndByItself_andIsNoSuccess() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(
              StepFailedException.class,
              () ->
                  builds.build(
                      request -> request.limits(StepLimits.NONE.withTimeout(Duration.ofMillis(1))),
                      "FROM busybox:test",
                      "RUN --timeout=2s trap 'echo asked; exit 0' TERM; sleep 300 & wait"));
      assertEquals("step took longer than its timeout of 2s", error.reason());
      assertEquals(List.of("asked"), error.lastLines());
    }
  }

  @Test
  void timeoutOfEachTry_isItsOwn() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test", "RUN --timeout=3s --retry=1,0 " + COUNT + " sleep $((300 - n*300))");
      assertTrue(
          builds.last().output().contains("step took longer than its timeout of 3s; try 2 of 2"),
          builds.last().output().toString());
    }
  }

  @Test
  void limits_areNoPartOfTheKey_unlessACommandSeesThem() throws Exception {
    requireLimits();
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN --memory=64m --timeout=5m echo x > /x");
      String id = builds.image().id().toString();
      builds.build("FROM busybox:test", "RUN --cpus=0.9 --pids=50 --retry=2 echo x > /x");
      assertEquals(1, builds.last().cached().size());
      builds.build("FROM busybox:test", "RUN echo x > /x");
      assertEquals(1, builds.last().cached().size());
      assertEquals(id, builds.image().id().toString());
      builds.build("FROM busybox:test", "RUN --ulimit=nofile=99 ulimit -n > /x");
      builds.build("FROM busybox:test", "RUN --ulimit=nofile=98 ulimit -n > /x");
      assertEquals("98\n", builds.root().get("/x").content());
    }
  }

  @Test
  void memory_isCappedByTheBuilds() throws Exception {
    requireLimits();
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(
              StepFailedException.class,
              () ->
                  builds.build(
                      request ->
                          request.limits(StepLimits.of(ResourceLimits.NONE.withMemory(64 << 20))),
                      "FROM busybox:test",
                      "RUN --memory=1g dd if=/dev/zero of=/dev/null bs=200M count=1"));
      assertEquals("killed: out of memory (limit 64 MiB)", error.reason());
      assertEquals(
          List.of("Buildfile:2: --memory of the step asks for 1024 MiB, the build allows 64 MiB"),
          builds.last().warnings());
    }
  }

  @Test
  void swapWithoutMemory_isToldAtTheLine() throws Exception {
    requireLimits();
    try (Builds builds = Builds.in(directory)) {
      BuildfileException error =
          assertThrows(
              BuildfileException.class,
              () -> builds.build("FROM busybox:test", "RUN --memory-swap=1g true"));
      assertTrue(
          String.valueOf(error.getMessage()).startsWith("Buildfile:2: "), error.getMessage());
      builds.build(
          request -> request.limits(StepLimits.of(ResourceLimits.NONE.withMemory(1 << 30))),
          "FROM busybox:test",
          "RUN --memory-swap=1g true");
    }
  }
}
