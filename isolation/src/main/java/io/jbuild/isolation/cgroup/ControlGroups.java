package io.jbuild.isolation.cgroup;

import io.jbuild.linux.KernelDir;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes control groups for one owner, and removes those of owners that have died. */
public final class ControlGroups implements Closeable {
  private static final int PARENT_ATTEMPTS = 10;

  private final List<Hierarchy> hierarchies;
  private final Path registers;
  private final String owner = newOwner();
  private final Register register;
  private final AtomicLong number = new AtomicLong();

  private ControlGroups(List<Hierarchy> hierarchies, Path registers) throws IOException {
    this.hierarchies = hierarchies;
    this.registers = registers;
    register = Register.open(registers, owner);
  }

  /**
   * @param registers a directory shared by all owners
   */
  public static ControlGroups open(Path registers) throws IOException {
    Files.createDirectories(registers);
    return new ControlGroups(Hierarchy.detect(), registers);
  }

  /** No name that another living owner can have; a dead one's would only be swept with ours. */
  private static String newOwner() {
    return Long.toHexString(ProcessHandle.current().pid())
        + "."
        + Long.toHexString(System.nanoTime());
  }

  /** Looks the logger up only when there is something to say: logging is slow to load. */
  private static void log(String what, IOException e) {
    Logger.getLogger(ControlGroups.class.getName()).log(Level.FINE, what, e);
  }

  /** Whether version 2 is all that this machine has. */
  public boolean isPureUnified() {
    return hierarchies.size() == 1 && hierarchies.get(0).unified();
  }

  /**
   * Makes a group with its limits set. A limit that no controller here can keep is an error, except
   * that of processes, which is a precaution.
   */
  public ControlGroup create(GroupLimits limits) throws IOException {
    String name = owner + "-" + number.incrementAndGet();
    List<ControlGroup.Member> members = new ArrayList<>();
    for (Hierarchy hierarchy : hierarchies) {
      if (isWritable(hierarchy)) {
        Path directory = hierarchy.parent().resolve(name);
        members.add(new ControlGroup.Member(withUsableControllers(hierarchy), directory));
      }
    }
    requireController(members, "memory", limits.memory().bytes().isPresent());
    requireController(members, "cpu", limits.cpu().count().isPresent());
    List<Path> paths = members.stream().map(ControlGroup.Member::directory).toList();
    register.add(paths);
    try {
      KernelDir unified = null;
      for (ControlGroup.Member member : members) {
        make(member);
        limits.apply(member.hierarchy(), member.directory());
        if (member.hierarchy().unified()) {
          unified = KernelDir.open(member.directory());
        }
      }
      return new ControlGroup(owner, members, unified);
    } catch (IOException e) {
      try {
        remove(owner, paths);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static void requireController(
      List<ControlGroup.Member> members, String controller, boolean needed) throws IOException {
    if (needed && members.stream().noneMatch(m -> m.hierarchy().has(controller))) {
      throw new IOException(
          "no control group with the \""
              + controller
              + "\" controller can be made here: run without that limit, or with cgroups delegated");
    }
  }

  /**
   * In a container the trees are often read-only, and an ordinary user may find root's parent
   * group: then a sandbox does without a group in them.
   */
  private static boolean isWritable(Hierarchy hierarchy) {
    try {
      makeParent(hierarchy.parent());
      return Files.isWritable(hierarchy.parent()) || Files.isWritable(hierarchy.base());
    } catch (IOException e) {
      log("no control groups can be made", e);
      return false;
    }
  }

  /** Version 2 passes a controller on only where every group above has enabled it. */
  private static Hierarchy withUsableControllers(Hierarchy hierarchy) throws IOException {
    if (!hierarchy.unified()) {
      return hierarchy;
    }
    for (Path group : List.of(hierarchy.base(), hierarchy.parent())) {
      for (String controller : hierarchy.controllers()) {
        enable(group, controller);
      }
    }
    String enabled = GroupFiles.read(hierarchy.parent(), "cgroup.subtree_control").orElse("");
    List<String> usable = List.of(enabled.split(" ", -1));
    return new Hierarchy(
        hierarchy.base(),
        Set.copyOf(hierarchy.controllers().stream().filter(usable::contains).toList()),
        true);
  }

  private static void enable(Path group, String controller) throws IOException {
    String enabled = GroupFiles.read(group, "cgroup.subtree_control").orElse("");
    if (!List.of(enabled.split(" ", -1)).contains(controller)) {
      try {
        GroupFiles.write(group, "cgroup.subtree_control", "+" + controller);
      } catch (IOException e) {
        // what cannot be passed on is missing from the list that the caller reads next
        log("controller not passed on", e);
      }
    }
  }

  /** Another owner may remove the empty parent at any time: then it is made again. */
  private static void make(ControlGroup.Member member) throws IOException {
    for (int attempt = 1; ; attempt++) {
      makeParent(member.hierarchy().parent());
      try {
        Files.createDirectory(member.directory());
        return;
      } catch (NoSuchFileException e) {
        if (attempt == PARENT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void makeParent(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent); // of one level; another owner may make it meanwhile
    }
  }

  /** Removes what dead owners have left; returns how many were dead. */
  public int sweep() throws IOException {
    return Register.sweep(registers, ControlGroups::remove);
  }

  /**
   * Removes groups of one owner. Their names begin with the owner's and their parent is jbuild's:
   * whatever else a register may say, no other directory is touched.
   */
  static void remove(String owner, List<Path> groups) throws IOException {
    IOException first = null;
    for (Path group : groups) {
      try {
        if (isGroupOf(owner, group) && Files.exists(group)) {
          GroupFiles.killAll(group);
          GroupFiles.remove(group);
        }
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static boolean isGroupOf(String owner, Path group) {
    Path parent = group.getParent();
    return parent != null
        && parent.endsWith(Hierarchy.PARENT)
        && group.getFileName().toString().startsWith(owner + "-");
  }

  /** Removes the parents where nobody else uses them. All groups have to be closed before. */
  @Override
  public void close() throws IOException {
    for (Hierarchy hierarchy : hierarchies) {
      try {
        Files.deleteIfExists(hierarchy.parent());
      } catch (IOException e) {
        // another owner's groups are in it
        log("parent group stays", e);
      }
    }
    register.close();
  }
}
