package io.jbuild.isolation.cgroup;

import io.jbuild.isolation.cgroup.ControlGroup.Member;
import io.jbuild.linux.KernelDir;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes control groups for one owner, and removes those of owners that have died. */
public final class ControlGroups implements Closeable {
  private static final int PARENT_ATTEMPTS = 10;

  private final List<Hierarchy> detected;
  private final Path registers;
  private final String owner = newOwner();
  private final Register register;
  private final AtomicLong number = new AtomicLong();
  private @Nullable Ready ready;

  /** What is known once parents have been made. */
  private record Ready(List<Hierarchy> hierarchies, Controls controls) {}

  private ControlGroups(List<Hierarchy> detected, Path registers) throws IOException {
    this.detected = detected;
    this.registers = registers;
    register = Register.open(registers, owner);
  }

  /**
   * @param registers a directory shared by all owners
   */
  public static ControlGroups open(Path registers) throws IOException {
    return open(registers, Hierarchy.detect());
  }

  static ControlGroups open(Path registers, List<Hierarchy> detected) throws IOException {
    Files.createDirectories(registers);
    return new ControlGroups(detected, registers);
  }

  /** What this process can expect of its machine; nothing is made for the answer. */
  public static Controls survey() throws IOException {
    return new Survey(Hierarchy.detect()).prediction();
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
    return detected.size() == 1 && detected.get(0).unified();
  }

  /** What can be used and what cannot, with reasons; makes the parents if need be. */
  public Controls controls() throws IOException {
    return ready().controls();
  }

  private synchronized Ready ready() throws IOException {
    Ready known = ready;
    if (known == null) {
      List<Hierarchy> writable = new ArrayList<>();
      for (Hierarchy hierarchy : detected) {
        if (canMakeParent(hierarchy)) {
          writable.add(hierarchy.unified() ? UnifiedTree.open(hierarchy) : hierarchy);
        }
      }
      List<Hierarchy> usable = Survey.usable(writable);
      known = new Ready(usable, new Survey(detected).controls(usable));
      ready = known;
    }
    return known;
  }

  /**
   * In a container the trees are often read-only, and an ordinary user may find root's parent
   * group: then a sandbox does without a group in them.
   */
  private static boolean canMakeParent(Hierarchy hierarchy) {
    try {
      makeParent(hierarchy.parent());
      return Files.isWritable(hierarchy.parent());
    } catch (IOException e) {
      log("no control groups can be made", e);
      return false;
    }
  }

  /**
   * Makes a group with its limits set.
   *
   * @throws MissingControllerException for a limit that was asked for and cannot be kept here; a
   *     precaution is left out, which {@link #controls} tells
   * @throws NotOnThisMachineException for processors, memory nodes and disks that are not there
   */
  public ControlGroup create(GroupLimits limits) throws IOException {
    Ready place = ready();
    for (Map.Entry<Controller, String> asked : limits.asked().entrySet()) {
      String why = place.controls().missing().get(asked.getKey());
      if (why != null) {
        throw new MissingControllerException(asked.getKey(), asked.getValue(), why);
      }
    }
    Machine.check(limits.cpu(), limits.io());
    String name = owner + "-" + number.incrementAndGet();
    List<Member> members = new ArrayList<>();
    for (Hierarchy hierarchy : place.hierarchies()) {
      if (hierarchy.unified() || hierarchy.controllers().stream().anyMatch(limits::wants)) {
        members.add(new Member(hierarchy, hierarchy.parent().resolve(name)));
      }
    }
    return make(members, limits);
  }

  private ControlGroup make(List<Member> members, GroupLimits limits) throws IOException {
    List<Path> paths = members.stream().map(Member::directory).toList();
    register.add(paths);
    try {
      KernelDir unified = null;
      for (Member member : members) {
        make(member, limits);
        if (member.hierarchy().unified()) {
          unified = KernelDir.open(member.directory());
        }
      }
      return new ControlGroup(owner, members, unified);
    } catch (IOException | RuntimeException e) {
      try {
        remove(owner, paths);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Another owner may remove the empty parent at any time: then it is made again. */
  private static void make(Member member, GroupLimits limits) throws IOException {
    Hierarchy hierarchy = member.hierarchy();
    for (int attempt = 1; ; attempt++) {
      makeParent(hierarchy.parent());
      try {
        Files.createDirectory(member.directory());
        break;
      } catch (NoSuchFileException e) {
        if (attempt == PARENT_ATTEMPTS) {
          throw e;
        }
      }
    }
    for (Controller controller : hierarchy.controllers()) {
      if (limits.wants(controller)) {
        requireAllowed(member, controller, limits);
        hierarchy.version().apply(member.directory(), controller, limits);
      }
    }
  }

  /** A group can have those processors and nodes only that the one above has. */
  private static void requireAllowed(Member member, Controller controller, GroupLimits limits)
      throws IOException {
    if (controller == Controller.CPU_SET) {
      Version version = member.hierarchy().version();
      Path base = member.hierarchy().base();
      Machine.requireKnown(
          limits.cpu().processors(), effective(base, version, true), "processors for jbuild");
      Machine.requireKnown(
          limits.cpu().memoryNodes(), effective(base, version, false), "memory nodes for jbuild");
    }
  }

  private static NumberSet effective(Path group, Version version, boolean processors)
      throws IOException {
    String numbers = GroupFiles.read(group, version.effective(processors)).orElse("");
    return numbers.isEmpty()
        ? processors ? Machine.processors() : Machine.memoryNodes()
        : NumberSet.parse(numbers);
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
    List<Path> own =
        groups.stream().filter(path -> isGroupOf(owner, path) && Files.isDirectory(path)).toList();
    Failures failures = new Failures();
    own.forEach(group -> failures.collect(() -> GroupFiles.killAll(group)));
    own.forEach(group -> failures.collect(() -> GroupFiles.remove(group)));
    failures.throwFirst();
  }

  /** Goes on after an error, and throws the first one in the end. */
  private static final class Failures {
    private @Nullable IOException first;

    interface Action {
      void run() throws IOException;
    }

    void collect(Action action) {
      try {
        action.run();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }

    void throwFirst() throws IOException {
      if (first != null) {
        throw first;
      }
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
    for (Hierarchy hierarchy : detected) {
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
