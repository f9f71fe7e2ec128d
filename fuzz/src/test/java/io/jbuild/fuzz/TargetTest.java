package io.jbuild.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The inputs that fuzzing begins with, those that it once failed on, and damaged ones of both. */
class TargetTest {
  private static final Path MODULE = Path.of("");
  private static final int ROUNDS = 200;

  @ParameterizedTest
  @EnumSource(Target.class)
  void check_holdsForSeedsAndForWhatWasFound(Target target) throws Exception {
    for (byte[] seed : Seeds.of(target, MODULE)) {
      check(target, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void check_holdsForDamagedSeeds(Target target) throws Exception {
    List<byte[]> seeds = Seeds.of(target, MODULE);
    Random random = new Random(20260101);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] input = seeds.get(random.nextInt(seeds.size()));
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        input = damaged(input, seeds.get(random.nextInt(seeds.size())), random);
      }
      check(target, input);
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void work_endsForRepeatedSeeds(Target target) throws Exception {
    for (byte[] seed : Seeds.of(target, MODULE)) {
      String text = new String(seed, StandardCharsets.UTF_8);
      if (text.length() > 1 && text.length() < 200) {
        target.work(Fuzz.repeated(text, text.hashCode()));
      }
    }
  }

  private static void check(Target target, byte[] input) throws Exception {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      target.check(text);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(target + " on:\n" + text, e);
    }
  }

  /** A piece left out, doubled, taken from another input, or a byte changed. */
  private static byte[] damaged(byte[] text, byte[] other, Random random) {
    int at = random.nextInt(text.length + 1);
    int end = Math.min(text.length, at + random.nextInt(12));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(text, 0, at);
    switch (random.nextInt(4)) {
      case 0 -> out.write(text, end, text.length - end);
      case 1 -> out.write(text, at, end - at);
      case 2 -> out.write(random.nextInt(256));
      default -> {
        int start = random.nextInt(other.length + 1);
        out.write(other, start, Math.min(other.length - start, random.nextInt(40)));
      }
    }
    int rest = random.nextBoolean() ? at : end;
    out.write(text, rest, text.length - rest);
    return out.toByteArray();
  }
}
