package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong is told with its place, and leaves nothing half done. */
class FailureTest {
  @TempDir private Path directory;

  @Test
  void failingRun_tellsLineCodeAndOutput() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(
              StepFailedException.class,
              () -> builds.build("FROM busybox:test", "", "RUN echo why && exit 7"));
      assertEquals(7, error.exitCode());
      assertEquals(List.of("why"), error.lastLines());
      assertEquals("why\n", Files.readString(error.log()));
      assertTrue(error.render().contains(">>> RUN echo why && exit 7"), error.render());
      assertTrue(
          String.valueOf(error.getMessage())
              .startsWith("Buildfile:3: process \"/bin/sh -c echo why && exit 7\""));
      assertNoIngest(builds);
    }
  }

  private static void assertNoIngest(Builds builds) throws Exception {
    try (var list = Files.list(builds.store().resolve("ingest"))) {
      assertEquals(List.of(), list.toList());
    }
  }

  @Test
  void imageThatIsNearlyAStage_isToldWithTheStage() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String line :
          List.of("COPY --from=biuld /a /b", "RUN --mount=from=biuld,target=/b true")) {
        BuildfileException error =
            assertThrows(
                BuildfileException.class,
                () ->
                    builds.build(
                        request -> request.pull(io.jbuild.builder.PullPolicy.NEVER),
                        "FROM busybox:test AS build",
                        "FROM busybox:test",
                        line));
        assertEquals(Optional.of("did you mean build?"), error.hint());
        assertEquals(3, error.range().startLine());
      }
    }
  }

  @Test
  void missingCommand_isTheSteps() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(
              StepFailedException.class,
              () -> builds.build("FROM busybox:test", "RUN [\"/nothing/there\"]"));
      assertEquals(127, error.exitCode());
    }
  }

  @Test
  void missingSource_namesItAndTheLine() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildfileException error =
          assertThrows(
              BuildfileException.class, () -> builds.build("FROM scratch", "COPY absent /x"));
      assertTrue(
          String.valueOf(error.getMessage()).startsWith("Buildfile:2: "), error.getMessage());
      assertTrue(String.valueOf(error.getMessage()).contains("absent"));
    }
  }

  @Test
  void unknownBase_namesItAndTheLine() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildfileException error =
          assertThrows(
              BuildfileException.class,
              () ->
                  builds.build(
                      request -> request.pull(io.jbuild.builder.PullPolicy.NEVER),
                      "FROM nobody/knows:this"));
      assertTrue(String.valueOf(error.getMessage()).contains("nobody/knows:this"));
    }
  }

  @Test
  void configurationThatGrowsWithoutEnd_isRefusedWhereItGrows() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String line : List.of("ENV V%d=$A", "ARG V%d=$A", "LABEL l%d=$A", "EXPOSE 1-65535")) {
        List<String> lines = new ArrayList<>(List.of("FROM scratch", "ARG A=" + "x".repeat(60000)));
        for (int i = 0; i < 200; i++) {
          lines.add(line.replace("%d", Integer.toString(i)));
        }
        BuildfileException error =
            assertThrows(
                BuildfileException.class, () -> builds.build(lines.toArray(String[]::new)), line);
        assertTrue(String.valueOf(error.getMessage()).contains("4 MiB"), error.getMessage());
      }
    }
  }

  @Test
  void wrongStages_areTold() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String from : List.of("later", "0", "7", "self")) {
        assertThrows(
            BuildfileException.class,
            () ->
                builds.build(
                    request -> request.target("self"),
                    "FROM busybox:test AS self",
                    "COPY --from=" + from + " /x /x",
                    "FROM busybox:test AS later"),
            from);
      }
      assertThrows(
          UserException.class,
          () -> builds.build(request -> request.target("nope"), "FROM busybox:test AS here"));
    }
  }

  @Test
  void failure_reachesTheEndOfALongChainOfStages() throws Exception {
    List<String> lines = new ArrayList<>(List.of("FROM busybox:test AS s0", "RUN exit 5"));
    for (int i = 1; i <= 3000; i++) {
      lines.add("FROM s" + (i - 1) + " AS s" + i);
    }
    try (Builds builds = Builds.in(directory)) {
      StepFailedException error =
          assertThrows(StepFailedException.class, () -> builds.build(lines.toArray(String[]::new)));
      assertEquals(5, error.exitCode());
      lines.set(1, "RUN true");
      builds.build(lines.toArray(String[]::new));
    }
  }

  @Test
  void unusableRoot_isToldAtTheLine() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildfileException error =
          assertThrows(
              BuildfileException.class,
              () ->
                  builds.build(
                      "FROM busybox:test", "RUN ln -s b /a && ln -s a /b", "WORKDIR /a/x"));
      String message = String.valueOf(error.getMessage());
      assertTrue(message.startsWith("Buildfile:3: "), message);
      assertTrue(message.contains("ELOOP"), message);
    }
  }

  @Test
  void unknownUser_isToldAtTheLine() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      assertThrows(
          BuildfileException.class,
          () -> builds.build("FROM busybox:test", "USER stranger", "RUN true"));
    }
  }

  @Test
  void firstFailure_endsTheOthers() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      assertThrows(
          StepFailedException.class,
          () ->
              builds.build(
                  "FROM busybox:test AS slow",
                  "RUN sleep 300",
                  "FROM busybox:test AS wrong",
                  "RUN false",
                  "FROM scratch",
                  "COPY --from=slow / /",
                  "COPY --from=wrong / /"));
      assertNoIngest(builds);
    }
  }

  @Test
  void interrupt_endsTheStep() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      CountDownLatch started = new CountDownLatch(1);
      Thread build =
          new Thread(
              () ->
                  assertThrows(
                      InterruptedException.class,
                      () ->
                          builds
                              .engine()
                              .build(
                                  io.jbuild.builder.BuildRequest.builder()
                                      .context(builds.context())
                                      .buildfile(
                                          "B",
                                          "FROM busybox:test\nRUN echo up; sleep 300"
                                              .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                      .build(),
                                  new io.jbuild.builder.BuildListener() {
                                    @Override
                                    public void stepOutput(
                                        io.jbuild.builder.StepInfo step,
                                        boolean error,
                                        byte[] line) {
                                      started.countDown();
                                    }
                                  })));
      build.start();
      started.await();
      build.interrupt();
      build.join(60_000);
      assertTrue(!build.isAlive(), "the build goes on");
      assertNoIngest(builds);
    }
  }
}
