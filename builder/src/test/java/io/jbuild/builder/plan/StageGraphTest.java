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

  private static Optional<String> hint(String from, String... lines) throws Exception {
    Buildfile file = Buildfile.parse(Source.of("Buildfile", String.join("\n", lines)));
    StageGraph graph =
        StageGraph.of(file, Optional.empty(), new TreeMap<>(), new TreeMap<>(), Platform.host());
    Stage last = file.stages().get(file.stages().size() - 1);
    return ((Supply.OfImage) graph.supply(from, last, last.from().origin())).hint();
  }

  @Test
  void imageWithNearlyTheNameOfAStageAbove_hasAHint() throws Exception {
    String[] lines = {"FROM a AS build", "FROM a", "FROM a AS test"};
    assertEquals(Optional.of("did you mean build?"), hint("biuld", lines));
    assertEquals(Optional.empty(), hint("alpine", lines));
    assertEquals(Optional.empty(), hint("tset", lines));
    assertEquals(Optional.empty(), hint("x", lines));
  }

  @Test
  void platformNames_knowWhatIsNear() {
    assertEquals(Optional.of("did you mean amd64?"), PlatformNames.hint("adm64"));
    assertEquals(Optional.of("did you mean linux/arm64?"), PlatformNames.hint("linux/arm46"));
    assertEquals(Optional.of("did you mean linux/arm64?"), PlatformNames.hint("linxu/arm64"));
    assertEquals(Optional.empty(), PlatformNames.hint("linux/amd64"));
    assertEquals(Optional.empty(), PlatformNames.hint("linux/quantum"));
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
