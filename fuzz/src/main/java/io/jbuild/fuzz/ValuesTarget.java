package io.jbuild.fuzz;

import io.jbuild.builder.instruction.ModeChange;
import io.jbuild.builder.instruction.Port;
import io.jbuild.builder.instruction.Signals;
import io.jbuild.builder.value.ByteSize;
import io.jbuild.builder.value.GoDuration;
import io.jbuild.builder.value.LimitText;
import java.time.Duration;
import java.util.function.Consumer;

/** The small grammars: a value within its bounds, or an IllegalArgumentException. */
final class ValuesTarget {
  private static final int MODES = 07777;

  private ValuesTarget() {}

  static void check(String text) {
    attempt(text, ValuesTarget::mode);
    attempt(text, t -> Promise.holds(ByteSize.parse(t) >= 0, "a negative size"));
    attempt(text, ValuesTarget::duration);
    attempt(text, t -> Promise.holds(LimitText.memory(t) > 0, "no memory"));
    attempt(text, t -> Promise.holds(LimitText.cpus(t) > 0, "no processors"));
    attempt(text, t -> Promise.holds(LimitText.shares(t) > 1, "no share"));
    attempt(
        text, t -> Promise.holds(!LimitText.timeout(t).isNegative(), "a time before the start"));
    attempt(text, LimitText::pids);
    attempt(text, LimitText::ulimit);
    attempt(text, LimitText::retry);
    attempt(text, ValuesTarget::ports);
    Signals.number(text).ifPresent(n -> Promise.holds(n > 0 && n <= 64, "signal " + n));
  }

  private static void attempt(String text, Consumer<String> parse) {
    try {
      parse.accept(text);
    } catch (IllegalArgumentException e) {
      Promise.holds(!String.valueOf(e.getMessage()).isBlank(), "an empty message");
    }
  }

  /** Nanoseconds in 64 bits, as in Go. */
  private static void duration(String text) {
    Duration duration = GoDuration.parse(text);
    Promise.holds(Duration.ofNanos(duration.toNanos()).equals(duration), "duration " + duration);
  }

  private static void mode(String text) {
    ModeChange change = ModeChange.parse(text);
    for (int mode : new int[] {0, 0644, 0755, 07777}) {
      int changed = change.apply(mode, false);
      Promise.holds((changed & ~MODES) == 0, "mode " + Integer.toOctalString(changed));
      Promise.holds((change.apply(mode, true) & ~MODES) == 0, "mode of a directory");
    }
  }

  private static void ports(String text) {
    for (Port port : Port.parse(text)) {
      Promise.holds(port.number() >= 0 && port.number() <= 65535, "port " + port);
    }
  }
}
