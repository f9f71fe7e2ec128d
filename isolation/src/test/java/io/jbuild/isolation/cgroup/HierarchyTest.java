package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
    List<Hierarchy> found =
        Hierarchy.parse(
            List.of("0::/user.slice/session-1.scope"),
            List.of(mount("/", work.toString(), "cgroup2", "nsdelegate")));
    assertEquals(List.of(new Hierarchy(work, Set.of("cpu", "memory", "pids"), true)), found);
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
            new Hierarchy(Path.of("/cg/memory/ci/job"), Set.of("memory"), false),
            new Hierarchy(Path.of("/cg/cpu,cpuacct"), Set.of("cpu", "cpuacct"), false)),
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
  void apply_version2_writesItsFiles() throws Exception {
    for (String file :
        List.of("memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max")) {
      Files.createFile(work.resolve(file));
    }
    Hierarchy hierarchy = new Hierarchy(work, Set.of("memory", "cpu", "pids"), true);
    new GroupLimits(
            new MemoryLimit(OptionalLong.of(64 << 20), OptionalLong.empty(), OptionalLong.empty()),
            new CpuLimit(
                OptionalDouble.of(1.5), OptionalLong.empty(), Optional.empty(), Optional.empty()),
            OptionalLong.of(100),
            false,
            List.of())
        .apply(hierarchy, work);
    assertEquals("67108864", Files.readString(work.resolve("memory.max")));
    assertEquals("0", Files.readString(work.resolve("memory.swap.max")));
    assertEquals("1", Files.readString(work.resolve("memory.oom.group")));
    assertEquals("100", Files.readString(work.resolve("pids.max")));
    assertEquals("150000 100000", Files.readString(work.resolve("cpu.max")));
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
