package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.FileType;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Self;
import io.jbuild.linux.bpf.DeviceProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of the running kernel, each version where this machine has it. */
class KernelGroupTest {
  private static final String SHELL = "/bin/sh";

  @TempDir Path work;
  private ControlGroups groups;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(Self.isRoot(), "SKIPPED: control groups are made by root");
    groups = ControlGroups.open(work.resolve("owners"));
  }

  @AfterEach
  void close() throws IOException {
    if (groups != null) {
      groups.close();
    }
  }

  /** Only those hierarchies of one version. */
  private ControlGroups of(boolean unified) throws IOException {
    List<Hierarchy> some =
        Hierarchy.detect().stream().filter(hierarchy -> hierarchy.unified() == unified).toList();
    String what = "SKIPPED: no control groups of version " + (unified ? 2 : 1) + " here";
    assumeTrue(!some.isEmpty() && Files.isWritable(some.get(0).base()), what);
    groups.close();
    groups = ControlGroups.open(work.resolve("owners"), some);
    return groups;
  }

  private static Process start(ControlGroup group, String script) throws IOException {
    StringBuilder joining = new StringBuilder();
    for (Path file : group.memberFiles(false)) {
      // tasks as well as cgroup.procs: the shell is a single thread
      joining.append("echo 0 > ").append(file).append(" || exit 99; ");
    }
    return new ProcessBuilder(SHELL, "-c", joining + script).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return text;
  }

  private static List<Path> directories(ControlGroup group) {
    return group.memberFiles(false).stream().map(GroupFiles::parent).toList();
  }

  private static long ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** A process that says so, and then only works. */
  private static Process busy(ControlGroup group) throws IOException {
    Process process = start(group, "echo up; while :; do :; done");
    assertEquals('u', process.getInputStream().read());
    return process;
  }

  private static void freezeAndKill(ControlGroup group) throws Exception {
    Process process = busy(group);
    group.freeze();
    long before = ticks(process.pid());
    assertEquals("done\n", output(new ProcessBuilder(SHELL, "-c", "echo done").start()));
    TimeUnit.MILLISECONDS.sleep(50); // the time that must not be used
    assertEquals(before, ticks(process.pid()), "works while it is frozen");
    group.thaw();
    while (ticks(process.pid()) == before) {
      Thread.onSpinWait();
    }
    group.freeze();
    group.kill();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(137, process.exitValue());
    group.close();
    group.close();
    directories(group).forEach(path -> assertFalse(Files.exists(path), path.toString()));
  }

  @Test
  void freeze_version2_standsStillAndCanBeKilled() throws Exception {
    freezeAndKill(of(true).create(GroupLimitsFixture.NONE));
  }

  @Test
  void freeze_version1_standsStillAndCanBeKilled() throws Exception {
    freezeAndKill(of(false).create(GroupLimitsFixture.NONE));
  }

  @Test
  void freeze_layoutOfThisMachine_standsStillAndCanBeKilled() throws Exception {
    assumeTrue(groups.controls().has(Controller.FREEZER), "SKIPPED: no group can freeze here");
    freezeAndKill(groups.create(GroupLimitsFixture.NONE));
  }

  @Test
  void kill_manyProcesses_leavesNone() throws Exception {
    for (boolean unified : List.of(true, false)) {
      List<Hierarchy> some =
          Hierarchy.detect().stream().filter(each -> each.unified() == unified).toList();
      if (some.isEmpty()) {
        System.err.println("SKIPPED: no control groups of version " + (unified ? 2 : 1));
        continue;
      }
      try (ControlGroups of = ControlGroups.open(work.resolve("owners"), some)) {
        ControlGroup group = of.create(GroupLimitsFixture.NONE);
        Process process =
            start(group, "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; echo up; wait");
        assertEquals('u', process.getInputStream().read());
        group.close();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        directories(group).forEach(path -> assertFalse(Files.exists(path), path.toString()));
      }
    }
  }

  @Test
  void close_groupWithAGroupBelow_removesBoth() throws Exception {
    ControlGroup group = of(true).create(GroupLimitsFixture.NONE);
    Path directory = directories(group).get(0);
    Files.createDirectories(directory.resolve("inner/most"));
    group.close();
    assertFalse(Files.exists(directory));
  }

  private static final String PROBE =
      "for d in null zero; do head -c 1 /dev/$d >/dev/null && echo $d; done;"
          + " (head -c 1 < /dev/kmsg) >/dev/null 2>&1 && echo kmsg;"
          + " mknod mem c 1 1 2>/dev/null && echo mem; mknod ours c 1 3 && echo ours; true";

  private String probe(ControlGroup group) throws Exception {
    return output(start(group, "cd " + work + "; " + PROBE));
  }

  @Test
  void devices_version1_onlyThoseOfTheList() throws Exception {
    assumeTrue(of(false).controls().has(Controller.DEVICES), "SKIPPED: no devices controller");
    try (ControlGroup group = groups.create(GroupLimitsFixture.NONE)) {
      assertEquals("null\nzero\nours\n", probe(group));
    }
  }

  @Test
  void devices_version2_onlyThoseOfTheProgram() throws Exception {
    Optional<String> why = of(true).controls().why(Controller.DEVICES);
    assumeTrue(why.isEmpty(), "SKIPPED: " + why.orElse(""));
    try (ControlGroup group = groups.create(GroupLimitsFixture.NONE)) {
      assertEquals("null\nzero\nours\n", probe(group));
    }
  }

  @Test
  void devices_version2_ruleOfReadingAlone_deniesWriting() throws Exception {
    assumeTrue(of(true).controls().has(Controller.DEVICES), "SKIPPED: no device programs");
    List<DeviceRule> rules =
        List.of(
            new DeviceRule(FileType.CHARACTER_DEVICE, 1, OptionalInt.of(11), "r"),
            new DeviceRule(FileType.CHARACTER_DEVICE, 10, OptionalInt.empty(), "m"));
    GroupLimits limits =
        new GroupLimits(
            MemoryLimit.NONE,
            CpuLimit.NONE,
            OptionalLong.empty(),
            false,
            BlockIo.NONE,
            false,
            rules);
    String script =
        "cd "
            + work
            + "; (: < /dev/kmsg) && echo read; (: > /dev/kmsg) 2>/dev/null || echo not written;"
            + " mknod tun c 10 200 && echo made; (: < tun) 2>/dev/null || echo not opened";
    try (ControlGroup group = groups.create(limits)) {
      assertEquals("read\nnot written\nmade\nnot opened\n", output(start(group, script)));
    }
  }

  @Test
  void devices_secondProgramOfAGroup_bothHaveToAllow() throws Exception {
    assumeTrue(of(true).controls().has(Controller.DEVICES), "SKIPPED: no device programs");
    try (ControlGroup group = groups.create(GroupLimitsFixture.NONE);
        KernelDir directory = KernelDir.open(directories(group).get(0));
        DeviceProgram nothing = DeviceProgram.load(DeviceFilter.compile(List.of()))) {
      nothing.attach(directory.fd());
      String script = "head -c 1 </dev/zero >&- || echo denied";
      assertTrue(output(start(group, "(" + script + ") 2>&1")).contains("denied"));
    }
  }

  @Test
  void use_ofAGroupThatWorked_isCounted() throws Exception {
    try (ControlGroup group = groups.create(GroupLimitsFixture.NONE)) {
      assumeTrue(group.cpu().isPresent(), "SKIPPED: no group counts time here");
      Process process = start(group, "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done");
      assertEquals("", output(process));
      ControlGroup.CpuUse use = group.cpu().get();
      assertTrue(use.total().toNanos() > 0, use.toString());
      assertTrue(use.user().toNanos() > 0, use.toString());
      if (groups.controls().has(Controller.MEMORY)) {
        assertTrue(group.memory().peak().orElse(0) > 0);
      }
      if (groups.controls().has(Controller.PIDS)) {
        assertTrue(group.peakPids().orElse(1) > 0);
      }
    }
  }

  @Test
  void cpuSet_ofThisMachine_holds() throws Exception {
    assumeTrue(groups.controls().has(Controller.CPU_SET), "SKIPPED: no cpuset controller");
    CpuLimit limit =
        new CpuLimit(
            OptionalDouble.empty(),
            OptionalLong.empty(),
            Optional.of(NumberSet.parse("0")),
            Optional.of(NumberSet.parse("0")));
    GroupLimits limits = GroupLimitsFixture.of(MemoryLimit.NONE, limit, BlockIo.NONE);
    try (ControlGroup group = groups.create(limits)) {
      String status = output(start(group, "grep -E '^(Cpus|Mems)_allowed_list' /proc/self/status"));
      assertEquals("Cpus_allowed_list:\t0\nMems_allowed_list:\t0\n", status);
    }
  }

  @Test
  void withoutDoubles_everyControllerIsInOneHierarchy() throws Exception {
    for (Controller controller : Controller.values()) {
      long count =
          Hierarchy.withoutDoubles(Hierarchy.detect()).stream()
              .filter(hierarchy -> hierarchy.has(controller))
              .count();
      assertTrue(count <= 1, controller + " " + count);
    }
  }
}
