package io.jbuild.isolation.cgroup;

import java.util.BitSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Processors or memory nodes by number, as the kernel lists them: {@code 0-1,3}. Never empty. */
public final class NumberSet {
  /** The kernel is built for at most this many processors. */
  private static final int MOST = 8192;

  private final BitSet numbers;

  private NumberSet(BitSet numbers) {
    this.numbers = numbers;
  }

  /** Numbers and ranges between commas, in any order. */
  public static NumberSet parse(String text) {
    BitSet numbers = new BitSet();
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]{1,9}(-[0-9]{1,9})?")) {
        throw new LimitException("\"" + text + "\" is not a list of numbers such as 0-1,3");
      }
      String[] ends = part.split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      if (first > last || last >= MOST) {
        throw new LimitException("\"" + part + "\" in \"" + text + "\" is no range of numbers");
      }
      numbers.set(first, last + 1);
    }
    return new NumberSet(numbers);
  }

  /** Those of this that the other does not have, as a list; empty where there are none. */
  String beyond(NumberSet available) {
    BitSet rest = (BitSet) numbers.clone();
    rest.andNot(available.numbers);
    return text(rest);
  }

  public int size() {
    return numbers.cardinality();
  }

  public IntStream stream() {
    return numbers.stream();
  }

  private static String text(BitSet numbers) {
    return numbers.stream()
        .filter(first -> first == 0 || !numbers.get(first - 1))
        .mapToObj(first -> range(first, numbers.nextClearBit(first) - 1))
        .collect(Collectors.joining(","));
  }

  private static String range(int first, int last) {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberSet set && numbers.equals(set.numbers);
  }

  @Override
  public int hashCode() {
    return numbers.hashCode();
  }

  /** Canonical: sorted, with adjacent numbers as ranges. */
  @Override
  public String toString() {
    return text(numbers);
  }
}
