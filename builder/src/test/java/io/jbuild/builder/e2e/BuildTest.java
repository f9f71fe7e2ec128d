package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildResult;
import io.jbuild.oci.History;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole builds: each instruction does to the image what it says. */
class BuildTest {
  @TempDir private Path directory;

  @Test
  void run_addsALayerWithWhatItChanged() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN echo hello > /greeting && rm /etc/group");
      assertEquals("hello\n", builds.root().get("/greeting").content());
      assertFalse(builds.root().containsKey("/etc/group"));
      assertEquals(2, builds.image().layers().size());
    }
  }

  @Test
  void run_thatChangesNothing_addsNoLayer() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN true");
      assertEquals(1, builds.image().layers().size());
      History last = builds.image().config().history().get(2);
      assertEquals("RUN /bin/sh -c true", last.createdBy());
      assertTrue(last.emptyLayer());
    }
  }

  @Test
  void output_reachesTheListener() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN echo one && echo two >&2 && printf three");
      assertEquals(
          List.of("one", "three", "two"), builds.last().output().stream().sorted().toList());
    }
  }

  @Test
  void copy_takesFilesOfTheContext() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("a.txt", "A");
      builds.file("dir/b.txt", "B");
      BuildResult unused =
          builds.build("FROM scratch", "COPY a.txt /x/", "COPY --chown=7:8 dir /y");
      assertEquals("A", builds.root().get("/x/a.txt").content());
      assertEquals("B", builds.root().get("/y/b.txt").content());
      assertEquals(7, builds.root().get("/y/b.txt").uid());
    }
  }
}
