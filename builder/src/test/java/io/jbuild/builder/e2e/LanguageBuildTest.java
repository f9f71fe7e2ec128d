package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.RunConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code # syntax=jbuild/1} adds, built. */
class LanguageBuildTest {
  private static final String SYNTAX = "# syntax=jbuild/1";

  @TempDir Path directory;

  @Test
  void include_hidesArgsAndKeepsEnv() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file(".dockerignore", "inc\n");
      builds.file(
          "inc/part.inc",
          """
          ARG WORD=default
          ARG OTHER=other
          ARG GLOBAL
          ENV SET=$WORD
          RUN echo "$WORD $OTHER $GLOBAL [$OUTER]" > /inside
          """);
      builds.build(
          request -> request.buildArg("OTHER", "given").buildArg("WORD", "not this"),
          SYNTAX,
          "ARG GLOBAL=global",
          "FROM " + Builds.BASE,
          "ARG OUTER=1",
          "ARG WORD=outer",
          "INCLUDE inc/part.inc WORD=\"passed $OUTER\"",
          "RUN echo \"$WORD [$OTHER] $SET\" > /outside");
      assertEquals("passed 1 given global []\n", builds.root().get("/inside").content());
      assertEquals("not this [] passed 1\n", builds.root().get("/outside").content());
    }
  }

  @Test
  void include_failureIsLocatedInItsFile() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("part.inc", "# one\nRUN exit 3\n");
      StepFailedException failed =
          assertThrows(
              StepFailedException.class,
              () -> builds.build(SYNTAX, "FROM " + Builds.BASE, "INCLUDE part.inc"));
      assertTrue(String.valueOf(failed.getMessage()).startsWith("part.inc:2: "));
      assertTrue(failed.render().contains("included by Buildfile:3"), failed.render());
    }
  }

  @Test
  void include_neverLeavesTheContext() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path secret = java.nio.file.Files.writeString(directory.resolve("secret"), "RUN x\n");
      java.nio.file.Files.createSymbolicLink(builds.context().resolve("link"), secret);
      BuildfileException refused =
          assertThrows(
              BuildfileException.class,
              () -> builds.build(SYNTAX, "FROM " + Builds.BASE, "INCLUDE link"));
      assertTrue(refused.problem().contains("outside"), refused.problem());
    }
  }

  @Test
  void computedArg_isCachedAndLeavesNothing() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("version", "1.2\n\n");
      String[] lines = {
        SYNTAX,
        "FROM " + Builds.BASE,
        "ARG --mount=type=bind,target=/in V=$(touch /left; cat /in/version; echo note >&2)",
        "LABEL version=$V",
        "RUN echo \"$V\" > /v"
      };
      builds.build(lines);
      assertEquals("1.2\n", builds.root().get("/v").content());
      assertFalse(builds.root().containsKey("/left"));
      assertEquals("1.2", builds.image().config().config().labels().get("version"));
      assertTrue(
          builds.image().config().history().stream()
              .anyMatch(h -> h.createdBy().equals("ARG V=1.2")));
      builds.build(lines);
      assertEquals(List.of(), builds.last().ran());
      builds.file("version", "1.3\n");
      builds.build(lines);
      assertEquals(2, builds.last().ran().size(), builds.last().ran().toString());
      builds.build(request -> request.buildArg("V", "9"), lines);
      assertEquals(1, builds.last().ran().size(), builds.last().ran().toString());
      assertEquals("9\n", builds.root().get("/v").content());
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void computedArg_badOutputIsAnError() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      assertEquals(
          "ARG V=$(command): its output is larger than the 64 KiB of a value",
          problem(builds, "while :; do echo 0123456789012345678901234567890123456789; done"));
      assertEquals("ARG V=$(command): its output is not UTF-8", problem(builds, "printf '\\377'"));
      assertEquals(
          "ARG V=$(command): its output has a NUL character, which no variable can hold",
          problem(builds, "printf '\\0'"));
      StepFailedException failed =
          assertThrows(
              StepFailedException.class,
              () -> builds.build(SYNTAX, "FROM " + Builds.BASE, "ARG V=$(echo why >&2; exit 4)"));
      assertEquals(4, failed.exitCode());
      assertEquals(List.of("why"), failed.lastLines());
    }
  }

  private static String problem(Builds builds, String command) {
    return assertThrows(
            BuildfileException.class,
            () -> builds.build(SYNTAX, "FROM " + Builds.BASE, "ARG V=$(" + command + ")"))
        .problem();
  }

  @Test
  void strict_endsAtTheFirstFailure() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String from = "FROM " + Builds.BASE;
      for (String body : List.of("false\ntrue", "false | cat\ntrue", "#!/bin/sh\nfalse\ntrue")) {
        assertThrows(
            StepFailedException.class,
            () -> builds.build(SYNTAX, from, "RUN --strict <<EOF\n" + body + "\nEOF"),
            body);
      }
      builds.build(
          SYNTAX,
          from,
          "RUN --strict <<EOF\nfalse || true\nif false; then :; fi\nEOF",
          "RUN <<EOF\nfalse\ntrue\nEOF");
    }
  }

  @Test
  void unset_takesInheritedSettingsAway() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.tag(Builds.name("test/base")),
          "FROM " + Builds.BASE,
          "ENV A=1 B=2 C=3",
          "LABEL a=1 b=2",
          "VOLUME /data /more",
          "EXPOSE 80 90/udp",
          "ENTRYPOINT [\"x\"]",
          "CMD [\"y\"]",
          "USER app",
          "WORKDIR /w",
          "HEALTHCHECK CMD true",
          "STOPSIGNAL SIGINT",
          "SHELL [\"/bin/sh\", \"-ec\"]");
      builds.build(
          SYNTAX,
          "FROM test/base",
          "ARG WHICH=B",
          "UNSET ENV A $WHICH NOPE",
          "UNSET LABEL *",
          "UNSET VOLUME /data",
          "UNSET EXPOSE 90/udp",
          "UNSET ENTRYPOINT",
          "UNSET CMD",
          "UNSET USER",
          "UNSET WORKDIR",
          "UNSET HEALTHCHECK",
          "UNSET STOPSIGNAL",
          "UNSET SHELL",
          "RUN echo \"[$A][$B][$C]\" > /seen");
      RunConfig config = builds.image().config().config();
      assertEquals(1, config.env().stream().filter(e -> !e.startsWith("PATH=")).count());
      assertEquals("[][][3]\n", builds.root().get("/seen").content());
      assertTrue(config.labels().isEmpty());
      assertEquals("[/more]", config.volumes().toString());
      assertEquals("[80/tcp]", config.exposedPorts().toString());
      assertTrue(config.entrypoint().isEmpty() && config.cmd().isEmpty());
      assertEquals("", config.user());
      assertEquals("/", config.workingDir());
      assertTrue(config.healthcheck().isEmpty());
      assertEquals("", config.stopSignal());
      assertTrue(config.shell().isEmpty());
      assertEquals(List.of("Buildfile:4: UNSET ENV NOPE: it is not set"), builds.last().warnings());
    }
  }

  @Test
  void if_isDecidedForEachPlatform() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("arm.inc", "FROM nothing/there AS arm\n");
      builds.build(
          SYNTAX,
          "IF $TARGETARCH != " + io.jbuild.oci.Platform.host().architecture(),
          "INCLUDE arm.inc",
          "END",
          "FROM " + Builds.BASE,
          "ARG STAGE=" + Builds.BASE,
          "COPY --from=$STAGE --exclude=$STAGE /etc/passwd /copied");
      assertTrue(builds.root().containsKey("/copied"));
    }
  }
}
