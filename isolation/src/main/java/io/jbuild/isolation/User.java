package io.jbuild.isolation;

import java.util.List;

/**
 * Who a command runs as, in numbers.
 *
 * @param groups supplementary groups; the primary one is added by the kernel's rules, not by name
 */
public record User(long uid, long gid, List<Long> groups) {
  /** The largest id that image configurations may name. */
  public static final long MAX_ID = Integer.MAX_VALUE;

  public static final User ROOT = new User(0, 0, List.of());

  public User {
    requireId("uid", uid);
    requireId("gid", gid);
    groups = groups.stream().distinct().toList();
    groups.forEach(group -> requireId("group", group));
  }

  private static void requireId(String what, long id) {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException(what + " out of range: " + id);
    }
  }

  public boolean isRoot() {
    return uid == 0;
  }
}
