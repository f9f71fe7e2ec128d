package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.isolation.ExitStatus.Signalled;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileType;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.spawn.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WallsTest extends SandboxFixture {
  private static final String STATUS =
      "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr '\\t' ' '";

  private String probe(SandboxSpec spec, String... compilerFlags) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "SKIPPED: no gcc for the probe");
    List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/gcc", "-static", "-O1"));
    command.addAll(List.of(compilerFlags));
    Path probe = rootfs.lower().resolve("bin/probe");
    command.addAll(List.of("-o", probe.toString(), "src/test/native/probe.c"));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    Run run = run(spec);
    assertEquals("", run.error());
    return run.out();
  }

  @Test
  void start_defaultWalls_refuseWhatTheyShould() throws Exception {
    boolean x86 = System.getProperty("os.arch", "").equals("amd64");
    assertEquals(
        """
        mount EPERM
        umount EPERM
        unshare_user EPERM
        unshare_mount EPERM
        clone_user EPERM
        clone3 ENOSYS
        setns EPERM
        pivot_root EPERM
        fsopen EPERM
        open_tree EPERM
        mknod_block EPERM
        mknod_mem EPERM
        mknod_fifo ok
        keyctl EPERM
        add_key EPERM
        io_uring EPERM
        bpf EPERM
        userfaultfd EPERM
        perf_event_open EPERM
        open_by_handle_at EPERM
        kexec_load EPERM
        init_module EPERM
        reboot EPERM
        sethostname EPERM
        settimeofday EPERM
        af_alg EPERM
        af_vsock EPERM
        af_inet ok
        af_packet EPERM
        personality_query ok
        personality_odd EPERM
        newest ENOSYS
        """
            + (x86 ? "x32 ENOSYS\n" : "")
            + """
            chroot ok
            tty ENXIO
            ptmx ok
            """,
        probe(spec("probe")));
  }

  @Test
  void start_withoutTheFilter_capabilitiesStillRefuse() throws Exception {
    Walls walls = Walls.DEFAULT.withFilteredCalls(false);
    Set<String> lines =
        new TreeSet<>(List.of(probe(spec("probe").withWalls(walls)).split("\n", -1)));
    for (String refused :
        List.of("mount EPERM", "umount EPERM", "setns EPERM", "mknod_mem EPERM", "reboot EPERM")) {
      assertTrue(
          lines.contains(refused) || lines.contains(refused.replace("EPERM", "EINVAL")),
          refused + lines);
    }
  }

  @Test
  void start_root_hasPodmansElevenCapabilities() throws Exception {
    assertEquals(
        """
        CapInh: 0000000000000000
        CapPrm: 00000000800405fb
        CapEff: 00000000800405fb
        CapBnd: 00000000800405fb
        CapAmb: 0000000000000000
        NoNewPrivs: 0
        Seccomp: 2
        """,
        run(STATUS).out());
  }

  @Test
  void start_noNewPrivileges_isOnAndFilteredStill() throws Exception {
    Run run = run(spec(STATUS).withWalls(Walls.DEFAULT.withNoNewPrivileges(true)));
    assertTrue(run.out().endsWith("NoNewPrivs: 1\nSeccomp: 2\n"), run.out());
  }

  @Test
  void start_addedCapability_isThere() throws Exception {
    EnumSet<Capability> more = EnumSet.copyOf(Walls.DEFAULT.capabilities());
    more.add(Capability.NET_RAW);
    Run run = run(spec(STATUS).withWalls(Walls.DEFAULT.withCapabilities(more)));
    assertTrue(run.out().contains("CapEff: 00000000800425fb"), run.out());
  }

  @Test
  void start_insecure_mayMount() throws Exception {
    Run run = run(spec("mount -t tmpfs none /tmp && echo ok").withWalls(Walls.INSECURE));
    assertEquals("ok\n", run.out(), run.error());
  }

  @Test
  void start_insecure_hasWhatTheBuilderHas() throws Exception {
    Run run =
        run(
            spec(STATUS
                    + "; : < /proc/timer_list && : > /proc/sys/kernel/domainname && echo open;"
                    + " grep -c ' /sys sysfs rw' /proc/mounts; stat -c '%F %a %t:%T' /dev/kmsg"
                    + " /dev/fuse /dev/net/tun /dev/loop-control /dev/loop0;"
                    + " mknod /tmp/node c 1 3 && chroot / true && unshare -m true && echo free")
                .withWalls(Walls.INSECURE));
    String own = ownCapabilities();
    assertEquals(
        "CapInh: 0000000000000000\nCapPrm: %s\nCapEff: %s\nCapBnd: %s\nCapAmb: 0000000000000000\n"
                .formatted(own, own, own)
            + """
            NoNewPrivs: 0
            Seccomp: 0
            open
            1
            character special file 666 1:b
            character special file 666 a:e5
            character special file 666 a:c8
            character special file 666 a:ed
            block special file 666 7:0
            free
            """,
        run.out(),
        run.error());
  }

  private static String ownCapabilities() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("CapPrm:"))
        .map(line -> line.substring(line.indexOf('\t') + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void start_devices_areThereForTheirUserAlone() throws Exception {
    DeviceNode tun = DeviceNode.open("/dev/net/tun", FileType.CHARACTER_DEVICE, 10, 200);
    DeviceNode zero =
        new DeviceNode(
            TreePath.parse("/dev/a/b/zero"),
            FileType.CHARACTER_DEVICE,
            new DeviceNumber(1, 5),
            0600,
            1000,
            1001,
            "r");
    DeviceNode pipe =
        new DeviceNode(
            TreePath.parse("/dev/pipe"), FileType.FIFO, DeviceNumber.NONE, 0640, 0, 0, "");
    SandboxSpec spec =
        spec("stat -c '%F %a %u:%g %t:%T %n' /dev/net/tun /dev/a/b/zero /dev/pipe;"
                + " stat -c %a /dev/a; head -c 4 /dev/a/b/zero | wc -c")
            .withDevices(List.of(tun, zero, pipe));
    assertEquals(
        """
        character special file 666 0:0 a:c8 /dev/net/tun
        character special file 600 1000:1001 1:5 /dev/a/b/zero
        fifo 640 0:0 0:0 /dev/pipe
        755
        4
        """,
        run(spec).out());
    assertEquals(List.of("etc"), leftInUpper());
  }

  @Test
  void devices_whereTheSandboxHasItsOwn_areRefused() {
    for (String path : List.of("/dev", "/dev/null", "/dev/pts/9", "/dev/fd/x", "/tun")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> DeviceNode.open(path, FileType.CHARACTER_DEVICE, 10, 200),
          path);
    }
  }

  @Test
  void start_kernelFiles_areMaskedOrReadOnly() throws Exception {
    Run run =
        run(
            "cat /proc/timer_list /proc/keys /proc/interrupts; ls /sys/firmware /proc/acpi;"
                + " for f in /proc/sys/kernel/domainname /sys/x; do"
                + " (echo 1 > $f) 2>&1 | grep -o 'Read-only file system'; done");
    assertEquals(
        "/proc/acpi:\n\n/sys/firmware:\n" + "Read-only file system\n".repeat(2),
        run.out().replace("/sys/firmware:\n\n/proc/acpi:\n", "/proc/acpi:\n\n/sys/firmware:\n"),
        run.error());
  }

  @Test
  void start_i386Program_endsUnlessItIsAllowed() throws Exception {
    assumeTrue(
        System.getProperty("os.arch", "").equals("amd64")
            && Files.isExecutable(Path.of("/usr/bin/gcc")),
        "SKIPPED: no gcc on x86_64 for an i386 call");
    Path source = Files.writeString(work.resolve("i386.c"), I386_CALL);
    Path program = rootfs.lower().resolve("bin/i386");
    Process gcc =
        new ProcessBuilder("/usr/bin/gcc", "-static", "-o", program.toString(), source.toString())
            .inheritIO()
            .start();
    assertEquals(0, gcc.waitFor());
    assertEquals(new Signalled(31), run("exec i386").status());
    Run allowed = run(spec("exec i386").withWalls(Walls.DEFAULT.withThirtyTwoBit(true)));
    assertEquals("pid 1, mount -1\n", allowed.out());
  }

  /** getpid (20) and mount (21) by the old gate, which takes i386's numbers in any program. */
  private static final String I386_CALL =
      """
      #include <stdio.h>
      static int call(int n) {
        int r;
        __asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(0), "c"(0), "d"(0), "S"(0) : "memory");
        return r;
      }
      int main(void) {
        int pid = call(20);
        printf("pid %d, mount %d\\n", pid, call(21));
        return 0;
      }
      """;
}
