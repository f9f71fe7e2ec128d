package io.jbuild.isolation.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.isolation.Limits;
import io.jbuild.isolation.cgroup.BlockIo.Kind;
import io.jbuild.isolation.cgroup.BlockIo.Rate;
import io.jbuild.linux.DeviceNumber;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What limits there cannot be, in sentences for whoever wrote them. */
class LimitValuesTest {
  private static final Limits SOME = Limits.DEFAULT.withMemory(64 << 20);

  private static void refused(String sentence, Executable limit) {
    assertEquals(sentence, assertThrows(LimitException.class, limit).getMessage());
  }

  @Test
  void memory_outOfRange_isRefused() {
    refused(
        "memory of 1024 bytes is too little: the least is 6 MiB",
        () -> Limits.DEFAULT.withMemory(1024));
    refused(
        "memory and swap together are 1048576 bytes, and memory alone 67108864: the first is the"
            + " total, or -1 for no limit of swap",
        () -> SOME.withMemoryAndSwap(1 << 20));
    refused(
        "a limit of memory and swap needs a limit of memory beside it",
        () -> Limits.DEFAULT.withMemoryAndSwap(1 << 30));
    refused(
        "a memory reservation of 1073741824 bytes must be more than 0 and at most the limit of"
            + " 67108864",
        () -> SOME.withMemoryReservation(1 << 30));
  }

  @Test
  void processors_outOfRange_areRefused() {
    refused(
        "0.001 processors are out of range: it is 0.01 to 10000",
        () -> Limits.DEFAULT.withCpus(0.001));
    refused(
        "NaN processors are out of range: it is 0.01 to 10000",
        () -> Limits.DEFAULT.withCpus(Double.NaN));
    for (long shares : List.of(1L, 262_145L, -1L)) {
      refused(
          "processor shares of " + shares + " are out of range: it is 2 to 262144",
          () -> Limits.DEFAULT.withCpuShares(shares));
    }
  }

  @Test
  void pids_outOfRange_areRefused() {
    for (long pids : List.of(0L, -2L, 4_194_305L)) {
      refused(
          "a limit of " + pids + " processes is out of range: 1 to 4194304",
          () -> Limits.DEFAULT.withPids(pids));
    }
    assertEquals(OptionalLong.of(-1), Limits.DEFAULT.withPids(Limits.UNLIMITED).pids());
  }

  @Test
  void disks_outOfRange_areRefused() {
    refused(
        "a disk weight of 5 is out of range: it is 10 to 1000", () -> BlockIo.NONE.withWeight(5));
    DeviceNumber disk = new DeviceNumber(8, 0);
    refused(
        "a limit of 0 bytes read per second is no limit: it is 1 or more",
        () -> new Rate(disk, Kind.READ_BYTES, 0));
    Rate rate = new Rate(disk, Kind.READS, 9);
    refused(
        "device 8:0 has two limits of reads per second", () -> BlockIo.NONE.with(rate).with(rate));
  }

  @Test
  void numberSet_text_isCanonical() {
    assertEquals("0-3,7", NumberSet.parse("7,2-3,0-2").toString());
    assertEquals(5, NumberSet.parse("7,2-3,0-2").size());
    assertEquals(NumberSet.parse("1,0"), NumberSet.parse("0-1"));
    for (String bad : List.of("", "a", "1-", "-1", "1,,2", "1 ", "1-2-3")) {
      refused("\"" + bad + "\" is not a list of numbers such as 0-1,3", () -> NumberSet.parse(bad));
    }
    refused("\"3-1\" in \"0,3-1\" is no range of numbers", () -> NumberSet.parse("0,3-1"));
    refused("\"0-99999\" in \"0-99999\" is no range of numbers", () -> NumberSet.parse("0-99999"));
  }

  @Test
  void machine_whatItLacks_isNamed() {
    lacking(
        "there are no processors 4,6-7: there are 0-3,5",
        () ->
            Machine.requireKnown(
                Optional.of(NumberSet.parse("2-7")), NumberSet.parse("0-3,5"), "processors"));
    BlockIo nowhere = BlockIo.NONE.with(new Rate(new DeviceNumber(4000, 77), Kind.READS, 9));
    lacking("there is no block device 4000:77", () -> Machine.check(CpuLimit.NONE, nowhere));
  }

  private static void lacking(String sentence, Executable check) {
    assertEquals(sentence, assertThrows(NotOnThisMachineException.class, check).getMessage());
  }
}
