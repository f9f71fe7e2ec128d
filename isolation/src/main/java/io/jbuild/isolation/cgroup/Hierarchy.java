package io.jbuild.isolation.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mounted tree of control groups.
 *
 * @param base the directory below which jbuild makes its parent group: its own group in version 1,
 *     whose limits then hold for the sandboxes as well; what {@link UnifiedTree} chooses in version
 *     2, where a group with processes cannot pass controllers on
 * @param controllers that it may limit with
 * @param unified whether it is version 2
 */
record Hierarchy(Path base, Set<Controller> controllers, boolean unified) {
  static final String PARENT = "jbuild";

  private static final int MOUNT_ROOT = 3;
  private static final int MOUNT_POINT = 4;

  Hierarchy {
    controllers = Set.copyOf(controllers);
  }

  /** Those of this machine, as far as this process sees them; version 2 comes first. */
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
        Path directory = ownDirectory(own, Set.of(""), fields[MOUNT_ROOT], fields[MOUNT_POINT]);
        found.add(0, UnifiedTree.choose(Path.of(fields[MOUNT_POINT]), directory));
      } else if (fields[type].equals("cgroup")) {
        Set<String> names = new HashSet<>(List.of(fields[type + 2].split(",", -1)));
        Set<Controller> controllers = controllers(names.stream().map(Controller::ofFirst));
        if (!controllers.isEmpty() && seen.addAll(names)) {
          names.retainAll(controllers.stream().map(Controller::first).toList());
          Path base = ownDirectory(own, names, fields[MOUNT_ROOT], fields[MOUNT_POINT]);
          found.add(new Hierarchy(base, controllers, false));
        }
      }
    }
    return List.copyOf(found);
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
  }

  static Set<Controller> controllers(Stream<Optional<Controller>> names) {
    return names
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Controller.class)));
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

  /**
   * Each controller in one hierarchy only. Where both versions count time and freeze, version 2
   * does it with less; a list of devices needs less than a program.
   */
  static List<Hierarchy> withoutDoubles(List<Hierarchy> hierarchies) {
    boolean both = hierarchies.stream().anyMatch(Hierarchy::unified);
    boolean list = hierarchies.stream().anyMatch(h -> !h.unified && h.has(Controller.DEVICES));
    List<Hierarchy> single = new ArrayList<>();
    for (Hierarchy hierarchy : hierarchies) {
      if (hierarchy.unified) {
        single.add(list ? hierarchy.without(Set.of(Controller.DEVICES)) : hierarchy);
      } else {
        Set<Controller> better = Set.of(Controller.CPU_ACCOUNTING, Controller.FREEZER);
        single.add(both ? hierarchy.without(better) : hierarchy);
      }
    }
    single.removeIf(hierarchy -> hierarchy.controllers.isEmpty());
    return List.copyOf(single);
  }

  private Hierarchy without(Set<Controller> others) {
    Set<Controller> rest = new HashSet<>(controllers);
    rest.removeAll(others);
    return with(rest);
  }

  Hierarchy with(Set<Controller> others) {
    return new Hierarchy(base, others, unified);
  }

  Path parent() {
    return base.resolve(PARENT);
  }

  boolean has(Controller controller) {
    return controllers.contains(controller);
  }

  Version version() {
    return unified ? SecondVersion.INSTANCE : FirstVersion.INSTANCE;
  }
}
