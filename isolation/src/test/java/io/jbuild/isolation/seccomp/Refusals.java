package io.jbuild.isolation.seccomp;

import static io.jbuild.isolation.seccomp.FilterProgram.ifEqual;
import static io.jbuild.isolation.seccomp.FilterProgram.loading;
import static io.jbuild.isolation.seccomp.FilterProgram.returning;
import static io.jbuild.isolation.seccomp.FilterProgram.returningErrno;

import java.util.SortedMap;

/** Filters that refuse single calls, as those around a container do. */
public final class Refusals {
  private static final int NUMBER = 0;

  private Refusals() {}

  /**
   * A filter.
   *
   * @param errnos what each call, by its number here, answers
   */
  public static byte[] of(SortedMap<Integer, Integer> errnos) {
    FilterProgram rest = returning(FilterProgram.ALLOW);
    for (var refused : errnos.entrySet()) {
      rest = ifEqual(refused.getKey(), returningErrno(refused.getValue()), rest);
    }
    return loading(NUMBER).then(rest).bytes();
  }
}
