package io.jbuild.fuzz;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What Jazzer calls: {@code --target_class=io.jbuild.fuzz.Fuzz --target_args=buildfile}.
 *
 * <p>Now and then a part of the input is repeated up to {@link #LONG}: what grows faster than its
 * input shows then, and not on the short inputs that a fuzzer makes.
 */
public final class Fuzz {
  /** The longest line of a Buildfile. */
  private static final int LONG = 64 * 1024 - 1;

  /** One input in so many is repeated. */
  private static final int EVERY = 64;

  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private static Target target = Target.BUILDFILE;

  private Fuzz() {}

  /** Called once, with the target's name. */
  public static void fuzzerInitialize(String[] args) throws Exception {
    Optional<Target> named = args.length == 1 ? Target.find(args[0]) : Optional.empty();
    target =
        named.orElseThrow(
            () -> new IllegalArgumentException("one of " + Arrays.toString(Target.values())));
    // so that no input has to wait for classes to be loaded
    target.check("[\"a\"]");
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    String text = new String(input, StandardCharsets.UTF_8);
    target.check(text);
    int hash = Arrays.hashCode(input) * 0x9E3779B9;
    if (input.length > 1 && Integer.remainderUnsigned(hash, EVERY) == 0) {
      checkTime(target, repeated(text, hash));
    }
  }

  /** The text with some piece of it many times over. */
  static String repeated(String text, int hash) {
    int length = text.length();
    int start = Integer.remainderUnsigned(hash >>> 7, length);
    int size = 1 + Integer.remainderUnsigned(hash >>> 3, Math.min(length - start, 40));
    String piece = text.substring(start, start + size);
    int times = Math.max(1, (LONG - length) / (size * 2));
    return text.substring(0, start) + piece.repeat(times) + text.substring(start + size);
  }

  static void checkTime(Target target, String text) throws Exception {
    long before = processorTime();
    target.work(text);
    long nanos = processorTime() - before;
    if (nanos > PATIENCE_NANOS) {
      throw new AssertionError(
          nanos / 1_000_000 + " ms for " + text.length() + " characters:\n" + shortened(text));
    }
  }

  private static String shortened(String text) {
    return text.length() > 400 ? text.substring(0, 400) + "..." : text;
  }

  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
