package io.jbuild.builder.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StageGraphTest {
  /** What each stage begins with: the index of a stage, or an image. */
  private static List<String> bases(String... lines) throws Exception {
    Buildfile file = Buildfile.parse(Source.of("Buildfile", String.join("\n", lines)));
    StageGraph graph =
        StageGraph.of(file, Optional.empty(), new TreeMap<>(), new TreeMap<>(), Platform.host());
    List<String> bases = new ArrayList<>();
    for (Stage stage : file.stages()) {
      bases.add(text(graph.base(stage)));
    }
    return bases;
  }

  private static String text(Supply supply) {
    if (supply instanceof Supply.OfStage other) {
      return Integer.toString(other.stage().index());
    }
    return supply instanceof Supply.OfImage image ? image.reference().familiar() : "scratch";
  }

  @Test
  void base_ofSeveralStagesWithOneName_isTheNearestAbove() throws Exception {
    assertEquals(
        List.of("alpine:latest", "0", "1", "2"),
        bases("FROM alpine AS x", "FROM x AS x", "FROM x AS x", "FROM x"));
    assertEquals(
        List.of("alpine:latest", "0", "debian:latest", "2"),
        bases("FROM alpine AS x", "FROM x AS y", "FROM debian AS x", "FROM x"));
  }

  @Test
  void base_namedAsTheStageItselfOrALaterOne_isAnImage() throws Exception {
    assertEquals(
        List.of("golang:latest", "late:latest", "scratch"),
        bases("FROM golang AS golang", "FROM late", "FROM scratch AS late"));
  }

  @Test
  void base_thatIsANumber_isAnImage() throws Exception {
    assertEquals(List.of("alpine:latest", "0:latest"), bases("FROM alpine", "FROM 0"));
  }

  private static String targetStage(String target, String... lines) throws Exception {
    Buildfile file = Buildfile.parse(Source.of("Buildfile", String.join("\n", lines)));
    Optional<String> wanted = Optional.of(target).filter(name -> !name.isEmpty());
    return StageGraph.of(file, wanted, new TreeMap<>(), new TreeMap<>(), Platform.host())
        .args()
        .inherited("TARGETSTAGE")
        .orElseThrow();
  }

  @Test
  void targetStage_isAsAskedForOrTheLast() throws Exception {
    assertEquals("b", targetStage("", "FROM scratch AS a", "FROM scratch AS B"));
    assertEquals("a", targetStage("a", "FROM scratch AS a", "FROM scratch AS b"));
    assertEquals("default", targetStage("", "FROM scratch AS a", "FROM scratch"));
  }
}
