package io.jbuild.isolation.seccomp;

import static io.jbuild.isolation.seccomp.FilterProgram.ifAtLeast;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Finds what is decided about a call by binary search over stretches of numbers that share it.
 *
 * @param <D> a decision; equal ones are made one stretch
 */
final class NumberSearch<D> {
  /** Up to the next range's first. */
  private record Range<D>(int first, D decision) {}

  private final List<Range<D>> ranges = new ArrayList<>();
  private final Function<D, FilterProgram> programs;

  private NumberSearch(Function<D, FilterProgram> programs) {
    this.programs = programs;
  }

  /**
   * The program that has the number loaded and returns.
   *
   * @param otherwise for numbers that are not in the map
   */
  static <D> FilterProgram of(
      SortedMap<Integer, D> decisions, D otherwise, Function<D, FilterProgram> programs) {
    NumberSearch<D> search = new NumberSearch<>(programs);
    int next = 0;
    for (var entry : decisions.entrySet()) {
      if (entry.getKey() > next) {
        search.add(next, otherwise);
      }
      search.add(entry.getKey(), entry.getValue());
      next = entry.getKey() + 1;
    }
    search.add(next, otherwise);
    return search.among(search.ranges);
  }

  private void add(int first, D decision) {
    if (ranges.isEmpty() || !ranges.get(ranges.size() - 1).decision().equals(decision)) {
      ranges.add(new Range<>(first, decision));
    }
  }

  private FilterProgram among(List<Range<D>> some) {
    if (some.size() == 1) {
      return programs.apply(some.get(0).decision());
    }
    int middle = some.size() / 2;
    FilterProgram low = among(some.subList(0, middle));
    FilterProgram high = among(some.subList(middle, some.size()));
    return ifAtLeast(some.get(middle).first(), high, low);
  }
}
