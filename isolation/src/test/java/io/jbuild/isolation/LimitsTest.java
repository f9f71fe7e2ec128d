package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.isolation.ExitStatus.OutOfMemory;
import io.jbuild.isolation.ProcessLimit.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LimitsTest extends SandboxFixture {
  /** The memory controller on a hierarchy of version 1, which has no group kill. */
  private static final Predicate<String> ON_V1 =
      line -> line.startsWith("memory\t") && !line.startsWith("memory\t0\t");

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

  @Test
  void memory_killedChildOfACommandThatSucceeds_isNoFailure() throws Exception {
    Limits limits = Limits.DEFAULT.withMemory(32 * MIB);
    Run run = run(spec("tail -c 100000000 /dev/zero; true").withLimits(limits));
    boolean wholeGroupDies = Files.readString(Path.of("/proc/cgroups")).lines().noneMatch(ON_V1);
    if (wholeGroupDies) {
      assertEquals("killed: out of memory (limit 32 MiB)", run.status().toString());
    } else {
      assertEquals(new ExitStatus.Exited(0), run.status());
    }
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
