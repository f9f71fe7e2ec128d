package io.jbuild.isolation.cgroup;

import io.jbuild.linux.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What limits may name: the processors, memory nodes and disks of this machine. */
public final class Machine {
  private static final Path SYSTEM = Path.of("/sys/devices/system");
  private static final Path BLOCK_DEVICES = Path.of("/sys/dev/block");

  private Machine() {}

  public static NumberSet processors() throws IOException {
    return online("cpu");
  }

  /** Of a machine with one kind of memory, node 0. */
  public static NumberSet memoryNodes() throws IOException {
    return online("node");
  }

  private static NumberSet online(String kind) throws IOException {
    String numbers = GroupFiles.read(SYSTEM.resolve(kind), "online").orElse("0");
    return NumberSet.parse(numbers);
  }

  /** Refuses what this machine does not have. */
  static void check(CpuLimit cpu, BlockIo io) throws IOException {
    requireKnown(cpu.processors(), processors(), "processors");
    requireKnown(cpu.memoryNodes(), memoryNodes(), "memory nodes");
    for (BlockIo.Rate rate : io.rates()) {
      requireDisk(rate.device());
    }
  }

  static void requireKnown(Optional<NumberSet> wanted, NumberSet available, String what)
      throws NotOnThisMachineException {
    String beyond = wanted.map(set -> set.beyond(available)).orElse("");
    if (!beyond.isEmpty()) {
      throw new NotOnThisMachineException(
          "there are no " + what + " " + beyond + ": there are " + available);
    }
  }

  private static void requireDisk(DeviceNumber device) throws IOException {
    Path known = BLOCK_DEVICES.resolve(device.toString());
    if (!Files.isDirectory(known)) {
      throw new NotOnThisMachineException("there is no block device " + device);
    }
    if (Files.exists(known.resolve("partition"))) {
      String disk = Files.readString(known.toRealPath().resolve("../dev")).trim();
      throw new NotOnThisMachineException(
          "device " + device + " is a part of disk " + disk + ": the whole disk takes limits");
    }
  }
}
