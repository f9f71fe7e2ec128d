package io.jbuild.isolation.seccomp;

import java.util.ArrayList;
import java.util.List;

/** Sets of 32-bit values as masks. */
final class Masks {
  private Masks() {}

  /** The values that have these bits like {@code value}, whatever the others are. */
  record Mask(int bits, int value) {}

  /** Disjoint masks of all values but these. */
  static List<Mask> others(List<Integer> values) {
    List<Mask> masks = new ArrayList<>();
    divide(new Mask(0, 0), Integer.SIZE - 1, values, masks);
    return masks;
  }

  private static void divide(Mask half, int bit, List<Integer> values, List<Mask> masks) {
    if (values.isEmpty()) {
      masks.add(half);
    } else if (bit >= 0) {
      int flag = 1 << bit;
      List<Integer> with = values.stream().filter(value -> (value & flag) != 0).toList();
      List<Integer> without = values.stream().filter(value -> (value & flag) == 0).toList();
      divide(new Mask(half.bits() | flag, half.value()), bit - 1, without, masks);
      divide(new Mask(half.bits() | flag, half.value() | flag), bit - 1, with, masks);
    }
  }
}
