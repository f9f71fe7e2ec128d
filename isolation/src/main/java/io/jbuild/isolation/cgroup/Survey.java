package io.jbuild.isolation.cgroup;

import io.jbuild.isolation.cgroup.Controls.Layout;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Self;
import io.jbuild.linux.UserNamespace;
import io.jbuild.linux.bpf.DeviceProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares what the machine has with what this process can use, and says what lies between. */
final class Survey {
  private static final String SYSTEMD = "systemd-run --user --scope -p Delegate=yes";

  private final List<Hierarchy> detected;

  Survey(List<Hierarchy> detected) {
    this.detected = detected;
  }

  /** Without making anything: what cannot be passed on is found out by opening alone. */
  Controls prediction() throws IOException {
    return controls(usable(detected.stream().filter(h -> Files.isWritable(h.base())).toList()));
  }

  /** Each controller in one hierarchy only, and device programs only where they can be loaded. */
  static List<Hierarchy> usable(List<Hierarchy> writable) throws IOException {
    List<Hierarchy> usable = new ArrayList<>();
    for (Hierarchy hierarchy : Hierarchy.withoutDoubles(writable)) {
      boolean program = hierarchy.unified() && hierarchy.has(Controller.DEVICES);
      if (program && refusal().isPresent()) {
        Set<Controller> others = new HashSet<>(hierarchy.controllers());
        others.remove(Controller.DEVICES);
        usable.add(hierarchy.with(others));
      } else {
        usable.add(hierarchy);
      }
    }
    return List.copyOf(usable);
  }

  /** Why the kernel takes no device program from us; empty where it does. */
  private static Optional<String> refusal() {
    try {
      DeviceProgram.load(DeviceFilter.compile(List.of())).close();
      return Optional.empty();
    } catch (LinuxException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What the hierarchies of {@link #usable} leave to be desired. */
  Controls controls(List<Hierarchy> usable) throws IOException {
    Map<Controller, String> missing = new EnumMap<>(Controller.class);
    for (Controller controller : Controller.values()) {
      if (usable.stream().noneMatch(h -> h.has(controller))) {
        missing.put(controller, why(controller, usable));
      }
    }
    return new Controls(layout(), missing);
  }

  private Layout layout() {
    boolean second = detected.stream().anyMatch(Hierarchy::unified);
    boolean first = detected.stream().anyMatch(hierarchy -> !hierarchy.unified());
    if (first && second) {
      return Layout.HYBRID;
    }
    return first ? Layout.VERSION_1 : second ? Layout.VERSION_2 : Layout.NONE;
  }

  private String why(Controller controller, List<Hierarchy> usable) throws IOException {
    Optional<Hierarchy> there = detected.stream().filter(h -> h.has(controller)).findFirst();
    if (detected.isEmpty()) {
      return "no control groups are mounted: mount -t cgroup2 none /sys/fs/cgroup";
    }
    if (there.isEmpty()) {
      return absent(controller);
    }
    Hierarchy hierarchy = there.get();
    if (usable.stream().noneMatch(h -> h.base().equals(hierarchy.base()))) {
      return notOurs(hierarchy);
    }
    if (controller == Controller.DEVICES) {
      return "device rules are a program: " + refusal().orElse("it was refused");
    }
    return "other processes are in \""
        + hierarchy.base()
        + "\", which therefore cannot pass the \""
        + controller.second()
        + "\" controller on: start jbuild in a group of its own, by \""
        + SYSTEMD
        + "\"";
  }

  private String absent(Controller controller) {
    Optional<Hierarchy> tree = detected.stream().filter(Hierarchy::unified).findFirst();
    String name = tree.isPresent() ? controller.second() : controller.first();
    String where = tree.isPresent() ? "\"" + tree.get().base() + "\" has" : "there is";
    return where
        + " no \""
        + name
        + "\" controller: switch it on in the kernel (cgroup_disable=), or have it delegated"
        + " (systemd: Delegate=cpu cpuset io memory pids)";
  }

  private static String notOurs(Hierarchy hierarchy) throws IOException {
    String base = "\"" + hierarchy.base() + "\"";
    if (Self.isRoot() && UserNamespace.current().isInitial()) {
      return base + " is read-only: have the container's control groups mounted for writing";
    }
    return hierarchy.unified()
        ? base + " is not this user's: start jbuild by \"" + SYSTEMD + "\", or as root"
        : base + " is root's, as all control groups of version 1: run jbuild as root";
  }
}
