package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Self;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {
  private static final GroupLimits FEW_PIDS = GroupLimitsFixture.pids(9, false);

  @TempDir Path work;

  @BeforeEach
  void needRoot() {
    assumeTrue(Self.isRoot(), "SKIPPED: control groups are made by root");
  }

  @Test
  void close_groupWithAProcess_killsItAndRemovesTheGroup() throws Exception {
    try (ControlGroups groups = ControlGroups.open(work)) {
      ControlGroup group = groups.create(FEW_PIDS);
      List<Path> files = group.memberFiles(false);
      assumeTrue(!files.isEmpty(), "SKIPPED: no control groups can be made here");
      Process process = new ProcessBuilder("/bin/sleep", "1000").start();
      for (Path file : files) {
        Files.writeString(file, Long.toString(process.pid()));
      }
      group.close();
      assertEquals(137, process.waitFor());
      files.forEach(file -> assertFalse(Files.exists(file.getParent()), file.toString()));
      group.close();
    }
  }

  @Test
  void sweep_livingOwners_areLeftAlone() throws Exception {
    try (ControlGroups first = ControlGroups.open(work);
        ControlGroups second = ControlGroups.open(work);
        ControlGroup group = first.create(FEW_PIDS)) {
      assertEquals(0, second.sweep());
      group.memberFiles(false).forEach(file -> assertTrue(Files.exists(file)));
    }
  }

  @Test
  void sweep_registerThatNamesOtherDirectories_removesNone() throws Exception {
    String owner = UUID.randomUUID().toString();
    Path registers = Files.createDirectories(work.resolve("registers"));
    Path innocent = Files.createDirectories(work.resolve("innocent"));
    Path wrongName = Files.createDirectories(work.resolve("jbuild/other-1"));
    Path right = Files.createDirectories(work.resolve("jbuild/" + owner + "-1"));
    Path unfinished = Files.createDirectories(work.resolve("jbuild/" + owner + "-2"));
    Files.writeString(
        registers.resolve(owner), innocent + "\n" + wrongName + "\n" + right + "\n" + unfinished);
    try (ControlGroups groups = ControlGroups.open(registers)) {
      assertEquals(1, groups.sweep());
      assertEquals(0, groups.sweep());
    }
    assertTrue(Files.exists(innocent));
    assertTrue(Files.exists(wrongName));
    assertTrue(Files.exists(unfinished));
    assertFalse(Files.exists(right));
  }
}
