package io.jbuild.isolation.ladder;

import io.jbuild.linux.UserNamespace;
import io.jbuild.linux.UserNamespace.Range;

/** The rungs of the ladder, the best first: each has fewer walls, or fewer users inside. */
public enum Rung {
  FULL_ROOT(1, "full root", "root of the machine: every namespace, control groups, all ids"),
  ROOTLESS(2, "rootless", "a user namespace with ranges of ids"),
  SINGLE_ID(3, "rootless with one id", "a user namespace where root is the only user"),
  CHROOT(4, "chroot", "a root directory and no namespaces"),
  NONE(5, "none", "no rights to run anything apart from this machine");

  private final int number;
  private final String title;
  private final String walls;

  Rung(int number, String title, String walls) {
    this.number = number;
    this.title = title;
    this.walls = walls;
  }

  /** {@code rootless with one id}. */
  public String title() {
    return title;
  }

  /** What holds a step back there, in words for the user. */
  public String walls() {
    return walls;
  }

  /** 1 is the best. */
  public int number() {
    return number;
  }

  /** For options and JSON: {@code full-root}. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /**
   * The rung that a process stands on by what it is, without trying anything: a build that is
   * refused something on the way says so then.
   *
   * @param administers whether it is root with CAP_SYS_ADMIN over its user namespace
   */
  static Rung of(boolean administers, UserNamespace ids) {
    if (!administers) {
      return NONE;
    } else if (ids.isInitial()) {
      return FULL_ROOT;
    }
    return ids.mapsOnlyRoot() ? SINGLE_ID : ROOTLESS;
  }

  /** How many users there are in the namespace. */
  public static long idsOf(UserNamespace ids) {
    return ids.uids().stream().mapToLong(Range::count).sum();
  }
}
