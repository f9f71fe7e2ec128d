package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jbuild.builder.BuildResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which steps run again, and that what did not run is the same to the last byte. */
class CacheTest {
  private static final String[] FILE = {
    "FROM busybox:test",
    "ENV A=1",
    "COPY first /first",
    "RUN cat /first > /one",
    "COPY second /second",
    "RUN cat /second > /two",
    "CMD [\"x\"]"
  };

  @TempDir private Path directory;

  @Test
  void nothingChanged_nothingRunsAndTheImageIsTheSame() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      files(builds);
      BuildResult first = builds.build(FILE);
      assertEquals(4, first.stepsRun());
      BuildResult second = builds.build(FILE);
      assertEquals(List.of(), builds.last().ran());
      assertEquals(first.imageId(), second.imageId());
    }
    try (Builds builds = Builds.again(directory)) {
      BuildResult third = builds.build(FILE);
      assertEquals(0, third.stepsRun());
    }
  }

  private static void files(Builds builds) throws Exception {
    builds.file("first", "1");
    builds.file("second", "2");
  }

  @Test
  void oneFileChanged_exactlyTheLaterStepsRun() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      files(builds);
      builds.build(FILE);
      builds.file("second", "changed");
      builds.build(FILE);
      assertEquals(List.of("COPY second /second", "RUN cat /second > /two"), builds.last().ran());
      assertEquals(List.of("COPY first /first", "RUN cat /first > /one"), builds.last().cached());
    }
  }

  @Test
  void touchedFile_isNoChange() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      files(builds);
      builds.build(FILE);
      Files.setLastModifiedTime(
          builds.context().resolve("first"), java.nio.file.attribute.FileTime.fromMillis(0));
      builds.build(FILE);
      assertEquals(List.of(), builds.last().ran());
    }
  }

  @Test
  void variable_isPartOfTheKey() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(request -> request.buildArg("V", "1"), "FROM busybox:test", "ARG V", "RUN true");
      builds.build(request -> request.buildArg("V", "2"), "FROM busybox:test", "ARG V", "RUN true");
      assertEquals(List.of("RUN true"), builds.last().ran());
      builds.build(
          request -> request.buildArg("HTTP_PROXY", "http://p"), "FROM busybox:test", "RUN env");
      builds.build(
          request -> request.buildArg("HTTP_PROXY", "http://q"), "FROM busybox:test", "RUN env");
      assertEquals(List.of("RUN env"), builds.last().cached());
    }
  }

  @Test
  void equalSteps_runEachOfThem() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String[] file = {"FROM busybox:test", "RUN true", "RUN true", "RUN true"};
      assertEquals(3, builds.build(file).stepsRun());
      assertEquals(0, builds.build(file).stepsRun());
    }
  }

  @Test
  void noCache_runsEverythingAgain() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      files(builds);
      builds.build(FILE);
      assertEquals(4, builds.build(request -> request.noCache(true), FILE).stepsRun());
      assertEquals(0, builds.build(FILE).stepsRun());
    }
  }

  @Test
  void noCacheFilter_runsOneStageAgain() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String[] file = {
        "FROM busybox:test AS a",
        "RUN echo a > /a",
        "FROM busybox:test AS b",
        "RUN echo b > /b",
        "COPY --from=a /a /a"
      };
      builds.build(file);
      builds.build(request -> request.noCacheStage("a"), file);
      assertEquals(List.of("RUN echo a > /a"), builds.last().ran());
    }
  }

  @Test
  void lostLayer_isMadeAgain() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN echo x > /x");
      String hex = builds.image().layers().get(1).diffId().hex();
      Path layer = builds.store().resolve("layers/sha256").resolve(hex);
      Files.move(layer, directory.resolve("lost"));
      builds.build("FROM busybox:test", "RUN echo x > /x");
      assertEquals(List.of("RUN echo x > /x"), builds.last().ran());
    }
  }

  @Test
  void fixedTime_givesTheSameImageInAnotherStore() throws Exception {
    String[] file = {"FROM busybox:test", "COPY first /f", "RUN echo x > /x && mkdir /d"};
    BuildResult one;
    try (Builds builds = Builds.in(directory.resolve("one"))) {
      files(builds);
      one = builds.build(request -> request.sourceDateEpoch(1_700_000_000), file);
    }
    try (Builds builds = Builds.in(directory.resolve("two"))) {
      files(builds);
      Files.setLastModifiedTime(
          builds.context().resolve("first"),
          java.nio.file.attribute.FileTime.fromMillis(1_750_000_000_000L));
      BuildResult two = builds.build(request -> request.sourceDateEpoch(1_700_000_000), file);
      assertEquals(one.imageId(), two.imageId());
      BuildResult other = builds.build(request -> request.sourceDateEpoch(1_600_000_000), file);
      assertNotEquals(one.imageId(), other.imageId());
    }
  }

  @Test
  void sharedLayers_areStoredOnce() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      files(builds);
      builds.build("FROM busybox:test", "COPY first /f");
      long before = layers(builds);
      builds.build(
          request -> request.tag(Builds.name("test/other")),
          "FROM busybox:test",
          "COPY first /f",
          "ENV OTHER=1");
      assertEquals(before, layers(builds));
    }
  }

  private static long layers(Builds builds) throws Exception {
    try (var list = Files.list(builds.store().resolve("layers/sha256"))) {
      return list.count();
    }
  }
}
