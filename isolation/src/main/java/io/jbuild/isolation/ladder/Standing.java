package io.jbuild.isolation.ladder;

import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.cgroup.Controller;
import io.jbuild.isolation.cgroup.Controls;
import io.jbuild.linux.UserNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * On which rung this process stands, by what it is. One thing only is tried, and only by who has no
 * rights but chroot(2): whether a user namespace would give more.
 *
 * @param user who started it, by name where there is one
 * @param ids how many users there can be in a sandbox
 * @param limits what control groups can not limit; empty where they can, and where nobody has
 *     looked
 * @param storage the driver that makes root filesystems, and why no better one; empty where it was
 *     not asked
 * @param network what steps have that name none, and why; empty where it was not asked
 */
public record Standing(
    Rung rung,
    String user,
    long ids,
    Optional<String> limits,
    Optional<String> storage,
    Optional<String> network) {
  private static final List<Controller> WANTED =
      List.of(Controller.MEMORY, Controller.CPU, Controller.PIDS);
  private static final Path ETC = Path.of("/etc");

  /** Takes far less than a millisecond for root, and a few files of /proc more for others. */
  public static Standing current() throws IOException {
    Rights rights = Rights.current();
    UserNamespace ids = rights.ids().isPresent() ? rights.ids().get() : UserNamespace.current();
    Rung rung = Rung.of(rights.administers(), ids);
    if (rung == Rung.NONE
        && rights.changesRoot()
        && Attempt.userNamespace(rights).run().isPresent()) {
      rung = Rung.CHROOT;
    }
    return rung == Rung.FULL_ROOT
        ? of(rung, "root", Rung.idsOf(ids), Optional.empty())
        : of(
            rung,
            Surroundings.userName(ETC, rights.uidOutside()),
            Rung.idsOf(ids),
            missingLimits());
  }

  static Standing of(Rung rung, String user, long ids, Optional<String> limits) {
    return new Standing(rung, user, ids, limits, Optional.empty(), Optional.empty());
  }

  /** The same user with fewer walls, as was asked for. */
  public Standing on(Rung lower) {
    return lower.number() > rung.number()
        ? new Standing(lower, user, ids, limits, storage, network)
        : this;
  }

  /** With what steps are made of besides. */
  public Standing with(String usedStorage, String usedNetwork) {
    return new Standing(
        rung, user, ids, limits, Optional.of(usedStorage), Optional.of(usedNetwork));
  }

  private static Optional<String> missingLimits() throws IOException {
    Controls controls = ControlGroups.survey();
    List<Controller> missing = WANTED.stream().filter(each -> !controls.has(each)).toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    } else if (missing.size() == WANTED.size()) {
      return Optional.of("limits: none (no control group may be made)");
    }
    return Optional.of(
        missing.stream()
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "limits: without ", "")));
  }

  /**
   * One line: {@code rootless: user namespace of build, 65537 ids; limits: none (…); storage:
   * overlay; network: host}.
   */
  @Override
  public String toString() {
    return who()
        + limits.filter(each -> rung != Rung.CHROOT).map(each -> "; " + each).orElse("")
        + storage.map(each -> "; storage: " + each).orElse("")
        + network.map(each -> "; network: " + each).orElse("");
  }

  private String who() {
    return switch (rung) {
      case FULL_ROOT -> rung.title();
      case ROOTLESS, SINGLE_ID ->
          rung.title() + ": user namespace of " + user + ", " + ids + (ids == 1 ? " id" : " ids");
      case CHROOT, NONE -> rung.title() + ": " + user + " has " + rung.walls();
    };
  }
}
