package io.jbuild.isolation.ladder;

import io.jbuild.linux.Self;
import io.jbuild.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.Path;

/**
 * On which rung this process stands, by what it is: nothing is tried.
 *
 * @param user who started it, by name where there is one
 * @param ids how many users there can be in a sandbox
 */
public record Standing(Rung rung, String user, long ids) {
  private static final Path ETC = Path.of("/etc");

  /** Takes far less than a millisecond. */
  public static Standing current() throws IOException {
    long uid = Self.effectiveUid();
    UserNamespace ids = UserNamespace.current();
    long outside = uid == 0 ? ids.rootOutside().orElse(0) : uid;
    Rung rung = Rung.of(uid == 0, ids);
    return rung == Rung.FULL_ROOT
        ? new Standing(rung, "root", Rung.idsOf(ids))
        : new Standing(rung, Surroundings.userName(ETC, outside), Rung.idsOf(ids));
  }

  /** One line: {@code rootless: user namespace of build, 65537 ids}. */
  @Override
  public String toString() {
    return switch (rung) {
      case FULL_ROOT -> rung.title();
      case ROOTLESS, SINGLE_ID ->
          rung.title() + ": user namespace of " + user + ", " + ids + (ids == 1 ? " id" : " ids");
      case CHROOT, NONE -> rung.title() + ": " + user + " has " + rung.walls();
    };
  }
}
