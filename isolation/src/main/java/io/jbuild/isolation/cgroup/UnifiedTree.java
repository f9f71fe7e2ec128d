package io.jbuild.isolation.cgroup;

import io.jbuild.linux.KernelDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Where in a version 2 tree groups can be made, and what it takes. A group that has processes
 * passes no controllers on ("no internal processes"), except for the root of the whole tree.
 */
final class UnifiedTree {
  /** Where processes go that stood in a group which has to pass controllers on. */
  static final String LEAF = "jbuild.self";

  /** What every group can do, without a controller. */
  private static final Set<Controller> CORE =
      Set.of(Controller.CPU_ACCOUNTING, Controller.FREEZER, Controller.DEVICES);

  /** The first is what systemd sets for a unit with Delegate=yes, of root and of users. */
  private static final List<String> DELEGATED = List.of("trusted.delegate", "user.delegate");

  private UnifiedTree() {}

  /**
   * The tree with the place that suits best: the own group if it was delegated to us; the root of
   * the whole tree if we may write to it; the own group if nobody else is in it; a group above it
   * that nobody is in; and the own group as it is.
   *
   * @param own the group of this process
   */
  static Hierarchy choose(Path mount, Path own) throws IOException {
    Path group = own.endsWith(LEAF) ? GroupFiles.parent(own) : own;
    Path base = group;
    if (isWritable(group) && isDelegated(group)) {
      base = group;
    } else if (isWholeTree(mount) && isWritable(mount)) {
      base = mount;
    } else if (!isWritable(group) || !mayEmpty(group)) {
      base = emptyAbove(mount, group).orElse(group);
    }
    Set<String> names = Set.of(GroupFiles.read(base, "cgroup.controllers").orElse("").split(" "));
    Set<Controller> controllers = Hierarchy.controllers(names.stream().map(Controller::ofSecond));
    controllers.addAll(CORE);
    return new Hierarchy(base, controllers, true);
  }

  private static boolean isDelegated(Path group) throws IOException {
    try (KernelDir directory = KernelDir.open(group)) {
      return directory.xattrs().keySet().stream().anyMatch(DELEGATED::contains);
    }
  }

  /** Only the root of the whole tree has no type; a container's root has one. */
  private static boolean isWholeTree(Path group) {
    return Files.exists(group.resolve("cgroup.controllers"))
        && !Files.exists(group.resolve("cgroup.type"));
  }

  static boolean isWritable(Path group) {
    return Files.isWritable(group) && Files.isWritable(group.resolve("cgroup.procs"));
  }

  /** In the root of a container's own tree all processes are the container's. */
  private static boolean mayEmpty(Path group) throws IOException {
    boolean top = !Files.exists(GroupFiles.parent(group).resolve("cgroup.procs"));
    return top || others(group).isEmpty() || isDelegated(group);
  }

  private static Optional<Path> emptyAbove(Path mount, Path own) throws IOException {
    for (Path group = own; group.startsWith(mount); group = GroupFiles.parent(group)) {
      if (isWritable(group) && GroupFiles.members(group).isEmpty()) {
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  private static List<String> others(Path group) throws IOException {
    String self = Long.toString(ProcessHandle.current().pid());
    return GroupFiles.members(group).stream().filter(pid -> !pid.equals(self)).toList();
  }

  /**
   * Has the controllers passed on to the groups below the parent, which is there, and tells which
   * of them can be used then.
   */
  static Hierarchy open(Hierarchy tree) throws IOException {
    if (!isWholeTree(tree.base())) {
      makeRoom(tree.base());
    }
    for (Path group : List.of(tree.base(), tree.parent())) {
      for (Controller controller : tree.controllers()) {
        enable(group, controller);
      }
    }
    Set<Controller> usable = new HashSet<>(CORE);
    usable.addAll(
        Hierarchy.controllers(Stream.of(enabled(tree.parent())).map(Controller::ofSecond)));
    return tree.with(usable);
  }

  /** Moves processes that stand in the base down: its limits hold for them there as well. */
  private static void makeRoom(Path base) throws IOException {
    List<String> members = GroupFiles.members(base);
    if (members.isEmpty() || !mayEmpty(base)) {
      return;
    }
    Path leaf = Files.createDirectories(base.resolve(LEAF));
    for (String pid : members) {
      move(leaf, pid);
    }
  }

  private static void move(Path leaf, String pid) {
    try {
      GroupFiles.write(leaf, "cgroup.procs", pid);
    } catch (IOException e) {
      // it has ended, or is another user's: then a controller stays away, and that is told
      log("process not moved", e);
    }
  }

  private static String[] enabled(Path group) throws IOException {
    return GroupFiles.read(group, "cgroup.subtree_control").orElse("").split(" ", -1);
  }

  private static void enable(Path group, Controller controller) throws IOException {
    String name = controller.second();
    if (!name.isEmpty() && !List.of(enabled(group)).contains(name)) {
      try {
        GroupFiles.write(group, "cgroup.subtree_control", "+" + name);
      } catch (IOException e) {
        // what cannot be passed on is missing from the list that is read next
        log("controller not passed on", e);
      }
    }
  }

  /** Looks the logger up only when there is something to say: logging is slow to load. */
  private static void log(String what, IOException e) {
    Logger.getLogger(UnifiedTree.class.getName()).log(Level.FINE, what, e);
  }
}
