package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.isolation.ExitStatus.OutOfMemory;
import io.jbuild.isolation.ProcessLimit.Resource;
import io.jbuild.isolation.cgroup.Controller;
import io.jbuild.isolation.cgroup.Controls;
import io.jbuild.isolation.cgroup.Machine;
import io.jbuild.isolation.cgroup.NotOnThisMachineException;
import io.jbuild.isolation.cgroup.NumberSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitsTest extends SandboxFixture {
  private static final long MIB = 1 << 20;

  @Test
  void memory_tooMuch_isNamedWithTheLimit() throws Exception {
    Limits limits = Limits.DEFAULT.withMemory(32 * MIB);
    Run run =
        run(
            spec("head -c 200000000 /dev/zero | tail -c 100000000 | wc -c; exit 9")
                .withLimits(limits));
    assertTrue(run.status() instanceof OutOfMemory, run.status() + run.out() + run.error());
    assertEquals(OptionalLong.of(32 * MIB), ((OutOfMemory) run.status()).limitBytes());
    assertEquals("killed: out of memory (limit 32 MiB)", run.status().toString());
    assertTrue(run.usage().peakMemoryBytes().orElse(0) > 16 * MIB, run.usage().toString());
  }

  @Test
  void memory_processOneKilled_isOutOfMemoryToo() throws Exception {
    Limits limits = Limits.DEFAULT.withMemory(32 * MIB);
    Run run = run(spec("exec tail -c 100000000 /dev/zero").withLimits(limits));
    assertEquals("killed: out of memory (limit 32 MiB)", run.status().toString());
    assertEquals(137, run.status().code());
  }

  /** Version 2 kills all processes of a group at once, version 1 the largest. */
  @Test
  void memory_killedChildOfACommandThatSucceeds_isCountedInVersion1() throws Exception {
    Limits limits = Limits.DEFAULT.withMemory(32 * MIB);
    Run run = run(spec("tail -c 100000000 /dev/zero; true").withLimits(limits));
    if (core.controls().layout() == Controls.Layout.VERSION_2) {
      assertEquals("killed: out of memory (limit 32 MiB)", run.status().toString());
    } else {
      assertEquals(new ExitStatus.Exited(0), run.status());
    }
    assertTrue(run.usage().oomKills() > 0, run.usage().toString());
  }

  @Test
  void memory_withSwap_isTheTotal() throws Exception {
    Limits limits = Limits.DEFAULT.withMemory(32 * MIB).withMemoryAndSwap(32 * MIB);
    Run run = run(spec("exec tail -c 100000000 /dev/zero").withLimits(limits));
    assertEquals("killed: out of memory (limit 32 MiB)", run.status().toString());
  }

  @Test
  void cpuSet_ofOneProcessor_holds() throws Exception {
    assumeTrue(core.controls().has(Controller.CPU_SET), "SKIPPED: no cpuset controller");
    Limits limits = Limits.DEFAULT.withCpuSet(NumberSet.parse("0"));
    Run run = run(spec("grep Cpus_allowed_list /proc/self/status").withLimits(limits));
    assertEquals("Cpus_allowed_list:\t0\n", run.out(), run.error());
  }

  @Test
  void cpuSet_beyondTheMachine_isRefusedAndLeavesNothing() throws Exception {
    assumeTrue(core.controls().has(Controller.CPU_SET), "SKIPPED: no cpuset controller");
    Limits limits = Limits.DEFAULT.withCpuSet(NumberSet.parse("0,8000"));
    NotOnThisMachineException e =
        assertThrows(NotOnThisMachineException.class, () -> run(spec("true").withLimits(limits)));
    assertEquals("there are no processors 8000: there are " + Machine.processors(), e.getMessage());
  }

  @Test
  void usage_ofAStep_tellsWhatItTook() throws Exception {
    Run run = run("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.01 & wait");
    Usage usage = run.usage();
    Controls controls = core.controls();
    assertTrue(usage.cpu().compareTo(usage.user()) >= 0, usage.toString());
    assertTrue(usage.user().toNanos() > 0, usage.toString());
    assertEquals(controls.has(Controller.MEMORY), usage.peakMemoryBytes().isPresent());
    assertEquals(controls.has(Controller.IO), usage.readBytes().isPresent());
    assertEquals(0, usage.oomKills());
    if (controls.has(Controller.PIDS) && usage.peakPids().isPresent()) {
      assertEquals(2, usage.peakPids().getAsLong(), usage.toString());
    }
  }

  @Test
  void freeze_runningCommand_standsStillUntilThawed() throws Exception {
    assumeTrue(core.controls().has(Controller.FREEZER), "SKIPPED: no group can freeze here");
    try (Sandbox sandbox = core.start(spec("sleep 1000 & wait"), Stdio.discarded())) {
      sandbox.freeze();
      sandbox.thaw();
      sandbox.freeze();
      sandbox.kill();
      assertEquals(new ExitStatus.Signalled(9), sandbox.waitFor());
    }
    Sandbox frozen = core.start(spec("sleep 1000 & wait"), Stdio.discarded());
    frozen.freeze();
    frozen.close();
    assertEquals(new ExitStatus.Signalled(9), frozen.waitFor());
  }

  @Test
  void pids_forkBomb_isStopped() throws Exception {
    Limits limits = Limits.DEFAULT.withPids(20);
    Run run = run(spec("for i in $(seq 50); do sleep 5 & done; echo survived").withLimits(limits));
    assertTrue(run.error().contains("fork"), run.out() + run.error());
  }

  @Test
  void cpus_quota_isSetAndUseCounted() throws Exception {
    Limits limits = Limits.DEFAULT.withCpus(0.5);
    Run run = run(spec("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done").withLimits(limits));
    assertEquals(0, run.status().code());
    assertTrue(run.usage().cpu().toMillis() > 0, run.usage().toString());
  }

  @Test
  void sharedMemory_hasTheSizeThatWasAskedFor() throws Exception {
    Limits limits = Limits.DEFAULT.withSharedMemory(OptionalLong.of(3 * MIB));
    Run run = run(spec("df -k /dev/shm | tail -n 1").withLimits(limits));
    assertEquals("3072", run.out().split(" +", -1)[1], run.out() + run.error());
  }

  @Test
  void processLimits_replaceTheDefaultsOfTheirResourcesAlone() throws Exception {
    Limits limits =
        Limits.DEFAULT.withProcesses(
            List.of(
                new ProcessLimit(Resource.NOFILE, 77, 99),
                new ProcessLimit(Resource.DATA, 1L << 40, ProcessLimit.UNLIMITED)));
    String script = "ulimit -Sn; ulimit -Hn; ulimit -Sd; ulimit -Hd; ulimit -Hc";
    Run run = run(spec(script).withLimits(limits));
    assertEquals("77\n99\n1073741824\nunlimited\n0\n", run.out(), run.error());
  }

  @Test
  void processLimits_softAboveHardOrTwice_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ProcessLimit(Resource.NOFILE, 100, 99));
    ProcessLimit one = new ProcessLimit(Resource.NOFILE, 1, 1);
    assertThrows(
        IllegalArgumentException.class, () -> Limits.DEFAULT.withProcesses(List.of(one, one)));
  }
}
