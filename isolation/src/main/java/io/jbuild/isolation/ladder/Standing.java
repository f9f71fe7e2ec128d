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
 * On which rung this process stands, by what it is: nothing is tried.
 *
 * @param user who started it, by name where there is one
 * @param ids how many users there can be in a sandbox
 * @param limits what control groups can not limit; empty where they can, and where nobody has
 *     looked
 */
public record Standing(Rung rung, String user, long ids, Optional<String> limits) {
  private static final List<Controller> WANTED =
      List.of(Controller.MEMORY, Controller.CPU, Controller.PIDS);
  private static final Path ETC = Path.of("/etc");

  /** Takes far less than a millisecond for root, and a few files of /proc more for others. */
  public static Standing current() throws IOException {
    Rights rights = Rights.current();
    UserNamespace ids = rights.ids().isPresent() ? rights.ids().get() : UserNamespace.current();
    Rung rung = Rung.of(rights.administers(), ids);
    return rung == Rung.FULL_ROOT
        ? new Standing(rung, "root", Rung.idsOf(ids), Optional.empty())
        : new Standing(
            rung,
            Surroundings.userName(ETC, rights.uidOutside()),
            Rung.idsOf(ids),
            missingLimits());
  }

  /** The same user with fewer walls, as was asked for. */
  public Standing on(Rung lower) {
    return lower.number() > rung.number() ? new Standing(lower, user, ids, limits) : this;
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

  /** One line: {@code rootless: user namespace of build, 65537 ids; limits: none (…)}. */
  @Override
  public String toString() {
    return switch (rung) {
      case FULL_ROOT -> rung.title();
      case ROOTLESS, SINGLE_ID ->
          rung.title()
              + ": user namespace of "
              + user
              + ", "
              + ids
              + (ids == 1 ? " id" : " ids")
              + limits.map(each -> "; " + each).orElse("");
      case CHROOT, NONE -> rung.title() + ": " + user + " has " + rung.walls();
    };
  }
}
