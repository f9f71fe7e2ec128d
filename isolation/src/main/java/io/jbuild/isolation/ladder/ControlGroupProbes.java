package io.jbuild.isolation.ladder;

import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.cgroup.Controller;
import io.jbuild.isolation.ladder.Finding.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which trees of control groups are mounted, and in which a group can be made: one is made and
 * removed, without a process ever in it.
 */
final class ControlGroupProbes {
  private static final int MOUNT_ROOT = 3;
  private static final int MOUNT_POINT = 4;
  private static final String WHY = "limits of memory, processors and processes";

  /** The controllers that limits need; version 2 has io for blkio. */
  private static final List<String> OF_USE =
      List.of("memory", "cpu", "pids", "blkio", "cpuset", "devices", "freezer");

  private static final List<String> OF_VERSION_2 = List.of("memory", "cpu", "pids", "io", "cpuset");

  private final Findings findings = new Findings(Topic.CONTROL_GROUPS);
  private final Rights rights;
  private final Map<String, String> own = new TreeMap<>();
  private final Map<String, Path> groups = new TreeMap<>();
  private Optional<Path> unified = Optional.empty();

  private ControlGroupProbes(Rights rights) {
    this.rights = rights;
  }

  static List<Finding> look(Rights rights) {
    ControlGroupProbes probes = new ControlGroupProbes(rights);
    probes.findings.look("layout", WHY, probes::look);
    return probes.findings.all();
  }

  private void look() throws IOException {
    read();
    if (groups.isEmpty() && unified.isEmpty()) {
      findings.missing("layout", "no control groups are mounted", WHY, Optional.empty());
      return;
    }
    String layout = groups.isEmpty() ? "version 2" : unified.isEmpty() ? "version 1" : "hybrid";
    findings.ok("layout", layout, WHY);
    if (unified.isPresent()) {
      unified(unified.get());
      if (!groups.containsKey("devices")) {
        devicePrograms();
      }
    }
    if (!groups.isEmpty()) {
      each();
    }
  }

  private void read() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      Arrays.stream(fields[1].split(",", -1)).forEach(name -> own.put(name, fields[2]));
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String[] fields = line.split(" ", -1);
      int type = List.of(fields).indexOf("-") + 1;
      if (fields[type].equals("cgroup2") && unified.isEmpty()) {
        unified = Optional.of(directory("", fields));
      } else if (fields[type].equals("cgroup")) {
        for (String controller : fields[type + 2].split(",", -1)) {
          if (OF_USE.contains(controller)) {
            groups.putIfAbsent(controller, directory(controller, fields));
          }
        }
      }
    }
  }

  /** The directory of this process's own group. */
  private Path directory(String controller, String[] mount) {
    Path point = Path.of(mount[MOUNT_POINT]);
    Path path = Path.of(own.getOrDefault(controller, "/"));
    Path root = Path.of(mount[MOUNT_ROOT]);
    Path here = path.startsWith(root) ? point.resolve(root.relativize(path).toString()) : point;
    return Files.isDirectory(here) ? here : point;
  }

  private void unified(Path directory) {
    String list = Surroundings.text(directory.resolve("cgroup.controllers")).orElse("");
    List<String> present = List.of(list.split(" ", -1));
    List<String> absent =
        OF_VERSION_2.stream()
            .filter(name -> !present.contains(name) && !groups.containsKey(name))
            .filter(name -> !(name.equals("io") && groups.containsKey("blkio")))
            .toList();
    Optional<String> refusal = tryToMake(directory);
    if (refusal.isPresent()) {
      findings.missing("version 2", refusal.get(), WHY, delegation());
    } else if (absent.isEmpty()) {
      findings.ok("version 2", list.isBlank() ? "groups can be made" : list, WHY);
    } else {
      String found = "without " + String.join(", ", absent);
      findings.limited("version 2", found, WHY, delegation());
    }
  }

  /** Version 2 has no list of devices: the kernel takes a program, or it does not. */
  private void devicePrograms() throws IOException {
    String why = "steps use no device but their own";
    Optional<String> refusal = ControlGroups.survey().why(Controller.DEVICES);
    if (refusal.isEmpty()) {
      findings.ok("device programs", "the kernel takes them", why);
    } else {
      findings.limited("device programs", refusal.get(), why, Optional.empty());
    }
  }

  private void each() {
    List<String> writable = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    String first = "";
    for (String controller : OF_USE) {
      Optional<String> refusal =
          groups.containsKey(controller)
              ? tryToMake(groups.get(controller))
              : Optional.of("not mounted");
      (refusal.isEmpty() ? writable : refused).add(controller);
      first = first.isEmpty() ? refusal.orElse("") : first;
    }
    if (refused.isEmpty()) {
      findings.ok("version 1", String.join(" ", writable), WHY);
    } else {
      String found = "without " + String.join(", ", refused) + ": " + first;
      if (writable.isEmpty()) {
        findings.missing("version 1", found, WHY, delegation());
      } else {
        findings.limited("version 1", found, WHY, delegation());
      }
    }
  }

  private static Optional<String> tryToMake(Path parent) {
    Path group = parent.resolve("jbuild-doctor." + ProcessHandle.current().pid());
    try {
      Files.createDirectory(group);
      Files.delete(group);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("no group can be made in " + parent + ": " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage()).replaceFirst("^/[^:]*: ", "");
  }

  private Optional<String> delegation() {
    boolean systemd = Files.isDirectory(Path.of("/run/systemd/system"));
    if (rights.administers() && rights.initial()) {
      return Optional.of("podman run --cgroupns=private -v /sys/fs/cgroup:/sys/fs/cgroup:rw …");
    }
    return systemd
        ? Optional.of("systemd-run --user --scope -p Delegate=yes jbuild …")
        : Optional.empty();
  }
}
