package io.jbuild.isolation.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A mounted tree of control groups.
 *
 * @param base the directory below which jbuild makes its parent group: its own group in version 1,
 *     whose limits then hold for the sandboxes as well; the visible root in version 2, where a
 *     group with processes cannot pass controllers on
 * @param controllers that it may limit with
 * @param unified whether it is version 2
 */
record Hierarchy(Path base, Set<String> controllers, boolean unified) {
  static final String PARENT = "jbuild";

  private static final Set<String> OF_USE =
      Set.of("memory", "cpu", "cpuacct", "pids", "devices", "freezer");
  private static final int MOUNT_ROOT = 3;
  private static final int MOUNT_POINT = 4;

  Hierarchy {
    controllers = Set.copyOf(controllers);
  }

  /** Those of this machine, as far as this process sees them. */
  static List<Hierarchy> detect() throws IOException {
    return parse(lines("/proc/self/cgroup"), lines("/proc/self/mountinfo"));
  }

  /** From the lines of those two files. */
  static List<Hierarchy> parse(List<String> groups, List<String> mounts) throws IOException {
    Map<String, String> own = new TreeMap<>();
    for (String line : groups) {
      String[] fields = line.split(":", 3);
      own.put(fields[1], fields[2]);
    }
    List<Hierarchy> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String line : mounts) {
      String[] fields = line.split(" ", -1);
      int type = List.of(fields).indexOf("-") + 1;
      if (fields[type].equals("cgroup2") && seen.add("")) {
        found.add(unified(Path.of(fields[MOUNT_POINT])));
      } else if (fields[type].equals("cgroup")) {
        Set<String> controllers = new HashSet<>(List.of(fields[type + 2].split(",", -1)));
        controllers.retainAll(OF_USE);
        if (!controllers.isEmpty() && seen.addAll(controllers)) {
          Path base = ownDirectory(own, controllers, fields[MOUNT_ROOT], fields[MOUNT_POINT]);
          found.add(new Hierarchy(base, controllers, false));
        }
      }
    }
    return List.copyOf(found);
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
  }

  private static Hierarchy unified(Path mount) throws IOException {
    String names = Files.readString(mount.resolve("cgroup.controllers")).trim();
    Set<String> controllers = new HashSet<>(List.of(names.split(" ", -1)));
    controllers.retainAll(OF_USE);
    return new Hierarchy(mount, controllers, true);
  }

  private static Path ownDirectory(
      Map<String, String> own, Set<String> controllers, String root, String mount) {
    Path point = Path.of(mount);
    for (Map.Entry<String, String> entry : own.entrySet()) {
      if (List.of(entry.getKey().split(",", -1)).containsAll(controllers)) {
        Path rootPath = Path.of(root);
        Path path = Path.of(entry.getValue());
        boolean below = path.startsWith(rootPath) && !entry.getValue().startsWith("/..");
        return below ? point.resolve(rootPath.relativize(path)).normalize() : point;
      }
    }
    return point;
  }

  Path parent() {
    return base.resolve(PARENT);
  }

  boolean has(String controller) {
    return controllers.contains(controller);
  }

  /** The file that a process joins a group by. */
  String memberFile() {
    return unified ? "cgroup.procs" : "tasks";
  }
}
