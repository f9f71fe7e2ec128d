package io.jbuild.builder.instruction;

import io.jbuild.builder.source.Suggestion;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Signals by the names and numbers of Linux on x86 and arm. */
public final class Signals {
  private static final int REALTIME_MIN = 34;
  private static final int REALTIME_MAX = 64;

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("ABRT", 6),
          Map.entry("ALRM", 14),
          Map.entry("BUS", 7),
          Map.entry("CHLD", 17),
          Map.entry("CLD", 17),
          Map.entry("CONT", 18),
          Map.entry("FPE", 8),
          Map.entry("HUP", 1),
          Map.entry("ILL", 4),
          Map.entry("INT", 2),
          Map.entry("IO", 29),
          Map.entry("IOT", 6),
          Map.entry("KILL", 9),
          Map.entry("PIPE", 13),
          Map.entry("POLL", 29),
          Map.entry("PROF", 27),
          Map.entry("PWR", 30),
          Map.entry("QUIT", 3),
          Map.entry("SEGV", 11),
          Map.entry("STKFLT", 16),
          Map.entry("STOP", 19),
          Map.entry("SYS", 31),
          Map.entry("TERM", 15),
          Map.entry("TRAP", 5),
          Map.entry("TSTP", 20),
          Map.entry("TTIN", 21),
          Map.entry("TTOU", 22),
          Map.entry("URG", 23),
          Map.entry("USR1", 10),
          Map.entry("USR2", 12),
          Map.entry("VTALRM", 26),
          Map.entry("WINCH", 28),
          Map.entry("XCPU", 24),
          Map.entry("XFSZ", 25));

  private Signals() {}

  /** The number of {@code TERM}, {@code SIGTERM}, {@code sigterm}, {@code 15}, {@code RTMIN+3}. */
  public static OptionalInt number(String signal) {
    Optional<Long> number = Numbers.unsigned(signal, 10, REALTIME_MAX);
    if (number.isPresent()) {
      return number.get() > 0 ? OptionalInt.of(number.get().intValue()) : OptionalInt.empty();
    }
    String upper = signal.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    Integer known = NUMBERS.get(name);
    return known != null ? OptionalInt.of(known) : realtime(name);
  }

  /** What to write instead of a signal that there is not. */
  static String hint(String signal) {
    String upper = signal.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    return Suggestion.nearest(name, NUMBERS.keySet().stream().sorted().toList())
        .map(near -> "did you mean SIG" + near + "?")
        .orElse("write a name such as SIGTERM, or a number from 1 to " + REALTIME_MAX);
  }

  private static OptionalInt realtime(String name) {
    boolean fromMin = name.startsWith("RTMIN");
    if (!fromMin && !name.startsWith("RTMAX")) {
      return OptionalInt.empty();
    }
    String offset = name.substring("RTMIN".length());
    int base = fromMin ? REALTIME_MIN : REALTIME_MAX;
    if (offset.isEmpty()) {
      return OptionalInt.of(base);
    }
    boolean signed = offset.charAt(0) == (fromMin ? '+' : '-');
    Optional<Long> steps =
        Numbers.unsigned(offset.substring(1), 10, (long) REALTIME_MAX - REALTIME_MIN);
    if (!signed || steps.isEmpty()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(base + (fromMin ? 1 : -1) * steps.get().intValue());
  }
}
