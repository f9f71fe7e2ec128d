package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that this one is not, told by the kernel's files. */
class HierarchyTest {
  @TempDir Path work;

  private static String mount(String root, String point, String type, String options) {
    return "30 25 0:26 "
        + root
        + " "
        + point
        + " rw,nosuid shared:9 - "
        + type
        + " cgroup rw,"
        + options;
  }

  @Test
  void parse_version2Alone_usesTheVisibleRoot() throws Exception {
    Files.writeString(work.resolve("cgroup.controllers"), "cpuset cpu io memory hugetlb pids\n");
    Files.createFile(work.resolve("cgroup.procs"));
    List<Hierarchy> found =
        Hierarchy.parse(
            List.of("0::/user.slice/session-1.scope"),
            List.of(mount("/", work.toString(), "cgroup2", "nsdelegate")));
    assertEquals(work, found.get(0).base());
    assertEquals(EnumSet.allOf(Controller.class), found.get(0).controllers());
  }

  @Test
  void parse_version1_isBelowTheOwnGroup() throws Exception {
    List<Hierarchy> found =
        Hierarchy.parse(
            List.of("4:memory:/ci/job", "3:cpu,cpuacct:/", "2:name=systemd:/", "1:net_cls:/"),
            List.of(
                mount("/", "/cg/memory", "cgroup", "memory"),
                mount("/", "/cg/cpu,cpuacct", "cgroup", "cpu,cpuacct"),
                mount("/", "/cg/net_cls", "cgroup", "net_cls"),
                mount("/", "/cg/systemd", "cgroup", "xattr,name=systemd")));
    assertEquals(
        List.of(
            new Hierarchy(Path.of("/cg/memory/ci/job"), Set.of(Controller.MEMORY), false),
            new Hierarchy(
                Path.of("/cg/cpu,cpuacct"),
                Set.of(Controller.CPU, Controller.CPU_ACCOUNTING),
                false)),
        found);
  }

  @Test
  void parse_containerThatSeesItsPartOnly_findsItself() throws Exception {
    List<Hierarchy> found =
        Hierarchy.parse(
            List.of("4:memory:/docker/abc/inner", "5:pids:/elsewhere"),
            List.of(
                mount("/docker/abc", "/cg/memory", "cgroup", "memory"),
                mount("/docker/abc", "/cg/pids", "cgroup", "pids")));
    assertEquals(Path.of("/cg/memory/inner"), found.get(0).base());
    assertEquals(Path.of("/cg/pids"), found.get(1).base());
  }

  @Test
  void keyed_file_isReadByKey() throws Exception {
    Files.writeString(
        work.resolve("memory.events"), "low 0\noom 2\noom_kill 3\noom_group_kill 1\n");
    assertEquals(OptionalLong.of(3), GroupFiles.keyed(work, "memory.events", "oom_kill"));
    assertEquals(OptionalLong.empty(), GroupFiles.keyed(work, "memory.events", "max"));
    assertEquals(OptionalLong.empty(), GroupFiles.keyed(work, "absent", "max"));
  }
}
