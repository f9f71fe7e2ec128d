package io.jbuild.builder.outline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutlineTest {
  private static final String FILE =
      """
      # VERSION of the base
      ARG VERSION=3
      ARG IMAGE=debian:$VERSION
      ARG NOBODYS=1
      # base what all share
      FROM $IMAGE AS base
      ARG TARGETARCH
      ENV HOME=/home/$TARGETARCH
      RUN --mount=type=cache,target=/root/.cache true
      ONBUILD ARG TRIGGERED
      FROM scratch AS unneeded
      ARG UNNEEDED
      FROM scratch AS files
      ARG FILES
      RUN --mount=type=secret,id=token true
      # app the application
      FROM base AS app
      ARG VERSION
      # MODE debug or release
      ARG MODE=release WHERE=$HOME/$MODE
      RUN --mount=type=secret,id=token,required --mount=type=ssh --mount=type=cache,id=x,target=/y :
      COPY --from=files /a /b
      FROM base
      """;

  private static Outline outline(String target, Map<String, String> args, String... contexts)
      throws Exception {
    return Outline.of(
        Buildfile.parse(Source.of("Buildfile", FILE)),
        Optional.of(target).filter(t -> !t.isEmpty()),
        new TreeMap<>(args),
        contexts(contexts),
        Platform.parse("linux/arm64"));
  }

  private static Map<String, ContextSource> contexts(String... names) {
    Map<String, ContextSource> contexts = new TreeMap<>();
    for (String name : names) {
      contexts.put(name, new ContextSource.Scratch());
    }
    return contexts;
  }

  private static List<String> arguments(Outline outline) {
    return outline.arguments().stream()
        .map(a -> a.range().startLine() + " " + a.name() + "=" + a.value().orElse("?"))
        .toList();
  }

  @Test
  void arguments_areThoseOfTheTargetAndWhatItNeeds() throws Exception {
    assertEquals(
        List.of(
            "2 VERSION=3",
            "3 IMAGE=debian:3",
            "14 FILES=?",
            "17 TRIGGERED=?",
            "20 MODE=release",
            "20 WHERE=/home/arm64/release"),
        arguments(outline("app", Map.of())));
  }

  @Test
  void arguments_haveTheCallersValues() throws Exception {
    Outline outline = outline("app", Map.of("VERSION", "5", "MODE", "debug"));
    assertEquals(List.of("2 VERSION=5", "3 IMAGE=debian:5"), arguments(outline).subList(0, 2));
    assertEquals(Optional.of("of the base"), outline.arguments().get(0).description());
    assertEquals(Optional.of("debug or release"), outline.arguments().get(4).description());
  }

  @Test
  void name_isTheTargets() throws Exception {
    assertEquals(Optional.of("app"), outline("app", Map.of()).name());
    assertEquals(Optional.of("the application"), outline("app", Map.of()).description());
    assertEquals(Optional.empty(), outline("", Map.of()).name());
    assertThrows(UserException.class, () -> outline("aap", Map.of()));
  }

  @Test
  void mounts_areListedOnce() throws Exception {
    Outline outline = outline("app", Map.of());
    assertEquals(1, outline.secrets().size());
    assertEquals("token", outline.secrets().get(0).id());
    assertEquals(true, outline.secrets().get(0).required());
    assertEquals("default", outline.ssh().get(0).id());
    assertEquals(
        List.of("/root/.cache", "x"), outline.caches().stream().map(Outline.Cache::id).toList());
  }

  @Test
  void stageThatAContextReplaces_takesNothing() throws Exception {
    assertEquals(
        List.of("17 TRIGGERED=?", "20 MODE=release", "20 WHERE=/home/arm64/release"),
        arguments(outline("app", Map.of(), "debian:3", "files")).stream()
            .filter(a -> a.startsWith("1") || a.startsWith("20"))
            .toList());
  }

  @Test
  void targets_areAllStages() throws Exception {
    List<Target> targets = Target.of(Buildfile.parse(Source.of("Buildfile", FILE)));
    assertEquals(5, targets.size());
    assertEquals("$IMAGE", targets.get(0).base());
    assertEquals(Optional.of("what all share"), targets.get(0).description());
    assertEquals(
        List.of(false, false, false, false, true),
        targets.stream().map(Target::isDefault).toList());
  }
}
