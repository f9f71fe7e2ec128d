package io.jbuild.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.StepInfo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** One small build, shown in each way. */
class ProgressTest {
  private static final StepInfo RUN =
      new StepInfo(2, "base", 2, 3, "RUN make", Optional.of(7), Optional.empty());
  private static final StepInfo COPY =
      new StepInfo(3, "base", 3, 3, "COPY a b", Optional.of(8), Optional.empty());

  private static String show(Function<PrintStream, ProgressMode.ProgressDisplay> kind) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ProgressMode.ProgressDisplay display =
        kind.apply(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
      display.planned(2);
      display.stepCached(COPY);
      display.stepStarted(RUN);
      display.stepOutput(RUN, true, "cc \u001b[2Ja.c".getBytes(StandardCharsets.UTF_8));
      display.warning("careful");
      display.stepFailed(RUN, Duration.ofMillis(1234), "exit code 2");
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void plain_isOneLinePerEvent() {
    String text = show(PlainProgress::new).replaceAll("#2 [0-9.]+ cc", "#2 TIME cc");
    assertEquals(
        "#1 [base 3/3] COPY a b\n#1 cached\n#2 [base 2/3] RUN make\n#2 TIME cc a.c\n"
            + "warning: careful\n#2 failed after 1.2s: exit code 2\n",
        text);
  }

  @Test
  void quiet_isWarningsOnly() {
    assertEquals("warning: careful\n", show(QuietProgress::new));
  }

  @Test
  void json_isOneObjectPerLine() {
    String text = show(JsonProgress::new);
    assertTrue(text.contains("{\"event\":\"planned\",\"steps\":2}\n"), text);
    assertTrue(
        text.contains(
            "{\"event\":\"failed\",\"step\":2,\"ms\":1234,\"message\":\"exit code 2\"}\n"),
        text);
    text.lines().forEach(line -> assertTrue(line.startsWith("{") && line.endsWith("}"), line));
  }

  @Test
  void live_neverPassesTheWidthNorPrintsForeignEscapes() {
    String text = show(err -> new LiveProgress(err, new TerminalSize(30, 10)));
    assertTrue(!text.contains("\u001b[2J"), text);
    assertTrue(text.contains("RUN make"), text);
    for (String line : text.lines().toList()) {
      String visible = line.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "");
      assertTrue(visible.replace("\r", "").length() <= 30, visible);
    }
  }
}
