package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where jbuild goes in a version 2 tree, on machines that are directories. */
class UnifiedTreeTest {
  private static final String SELF = Long.toString(ProcessHandle.current().pid());
  private static final String ALL = "cpuset cpu io memory hugetlb pids";

  @TempDir Path work;

  /** A group with members; not the root of the whole tree. */
  private Path group(String path, String... members) throws IOException {
    Path group = tree(path, members);
    Files.writeString(group.resolve("cgroup.type"), "domain\n");
    return group;
  }

  private Path tree(String path, String... members) throws IOException {
    Path group = Files.createDirectories(work.resolve(path));
    Files.writeString(group.resolve("cgroup.controllers"), ALL + "\n");
    Files.writeString(group.resolve("cgroup.subtree_control"), "");
    Files.writeString(group.resolve("cgroup.procs"), String.join("\n", members));
    return group;
  }

  private Path chosen(Path mount, Path own) throws IOException {
    return UnifiedTree.choose(mount, own).base();
  }

  @Test
  void choose_wholeTree_isUsed() throws Exception {
    Path root = tree("fs", "1");
    Path own = group("fs/user.slice/session-1.scope", SELF, "77");
    assertEquals(root, chosen(root, own));
  }

  @Test
  void choose_containerWithItsOwnRoot_isThatRoot() throws Exception {
    Path root = group("fs", "1", SELF);
    assertEquals(root, chosen(root, root));
  }

  @Test
  void choose_ownScope_isUsed() throws Exception {
    Path root = group("fs", "1");
    Path own = group("fs/user.slice/jbuild.scope", SELF);
    assertEquals(own, chosen(root, own));
  }

  @Test
  void choose_sharedScope_goesUpToAGroupWithoutProcesses() throws Exception {
    Path root = group("fs", "1");
    Path slice = group("fs/user.slice/app.slice");
    Path own = group("fs/user.slice/app.slice/terminal.scope", SELF, "77");
    assertEquals(slice, chosen(root, own));
  }

  @Test
  void choose_leafThatWeWentToBefore_isTheGroupAbove() throws Exception {
    Path root = group("fs", "1");
    Path own = group("fs/build.scope");
    Path leaf = group("fs/build.scope/" + UnifiedTree.LEAF, SELF, "77");
    assertEquals(own, chosen(root, leaf));
  }

  @Test
  void choose_controllers_areThoseOfTheBaseAndWhatEveryGroupDoes() throws Exception {
    Path root = group("fs", "1", SELF);
    Files.writeString(root.resolve("cgroup.controllers"), "pids memory misc\n");
    assertEquals(
        EnumSet.of(
            Controller.MEMORY,
            Controller.PIDS,
            Controller.CPU_ACCOUNTING,
            Controller.FREEZER,
            Controller.DEVICES),
        UnifiedTree.choose(root, root).controllers());
  }

  @Test
  void open_controllersThatDoNotArrive_areLeftOut() throws Exception {
    Path root = group("fs");
    Path parent = group("fs/jbuild");
    Files.delete(parent.resolve("cgroup.subtree_control"));
    Hierarchy opened = UnifiedTree.open(new Hierarchy(root, EnumSet.allOf(Controller.class), true));
    assertFalse(opened.has(Controller.MEMORY));
    assertTrue(opened.has(Controller.FREEZER));
  }

  @Test
  void controls_controllerThatIsNotPassedOn_isNamedWithTheMend() throws Exception {
    Hierarchy there = new Hierarchy(work, Set.of(Controller.MEMORY, Controller.FREEZER), true);
    Hierarchy opened = there.with(Set.of(Controller.FREEZER));
    Controls controls = new Survey(List.of(there)).controls(List.of(opened));
    assertEquals(Controls.Layout.VERSION_2, controls.layout());
    assertTrue(controls.has(Controller.FREEZER));
    assertEquals(
        "other processes are in \""
            + work
            + "\", which therefore cannot pass the \"memory\" controller on: start jbuild in a"
            + " group of its own, by \"systemd-run --user --scope -p Delegate=yes\"",
        controls.why(Controller.MEMORY).orElseThrow());
    assertEquals(
        "\""
            + work
            + "\" has no \"pids\" controller: switch it on in the kernel (cgroup_disable=), or"
            + " have it delegated (systemd: Delegate=cpu cpuset io memory pids)",
        controls.why(Controller.PIDS).orElseThrow());
  }

  @Test
  void create_limitWithoutItsController_isAnErrorAndAPrecautionIsNot() throws Exception {
    try (ControlGroups groups = ControlGroups.open(work.resolve("owners"), List.of())) {
      MissingControllerException e =
          assertThrows(
              MissingControllerException.class,
              () -> groups.create(GroupLimitsFixture.pids(9, true)));
      assertEquals(Controller.PIDS, e.controller());
      assertEquals(
          "a limit of processes cannot be kept here: no control groups are mounted: mount -t"
              + " cgroup2 none /sys/fs/cgroup",
          e.getMessage());
      groups.create(GroupLimitsFixture.pids(9, false)).close();
      assertEquals(Controls.Layout.NONE, groups.controls().layout());
    }
  }
}
