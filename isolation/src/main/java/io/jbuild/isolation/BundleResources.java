package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.BlockIo;
import io.jbuild.isolation.cgroup.Controller;
import io.jbuild.isolation.cgroup.CpuLimit;
import io.jbuild.isolation.cgroup.MemoryLimit;
import io.jbuild.linux.FileType;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Limits and devices as a runtime specification has them. The control group has the limits already;
 * they are told again to runtimes that need them for more, such as the memory of a virtual machine.
 */
final class BundleResources {
  private static final long CPU_PERIOD_MICROS = 100_000;

  private BundleResources() {}

  /**
   * The {@code linux.resources} object.
   *
   * @param missing what no group here has; of the limits on these only precautions got this far
   */
  static JsonObject of(SandboxSpec spec, Set<Controller> missing) {
    Limits limits = spec.limits();
    JsonObject.Builder resources = JsonObject.builder();
    resources.put("devices", new JsonArray(rules(spec)));
    if (!limits.memory().isNone()) {
      resources.put("memory", memory(limits.memory()));
    }
    if (!limits.cpu().isNone()) {
      resources.put("cpu", cpu(limits.cpu()));
    }
    if (limits.processes().isPresent() && !missing.contains(Controller.PIDS)) {
      long count = limits.processes().getAsLong();
      resources.put("pids", JsonObject.builder().put("limit", count).build());
    }
    if (!limits.io().isNone()) {
      resources.put("blockIO", io(limits.io()));
    }
    return resources.build();
  }

  private static List<JsonValue> rules(SandboxSpec spec) {
    boolean any = spec.walls().anyDevice();
    List<JsonValue> rules = new ArrayList<>();
    rules.add(JsonObject.builder().put("allow", any).put("access", "rwm").build());
    for (DeviceNode node : spec.devices()) {
      if (node.type().isDevice() && !any) {
        rules.add(
            JsonObject.builder()
                .put("allow", true)
                .put("type", letter(node.type()))
                .put("major", node.number().major())
                .put("minor", node.number().minor())
                .put("access", node.access().replace("m", "") + "m")
                .build());
      }
    }
    return rules;
  }

  private static JsonObject memory(MemoryLimit limit) {
    JsonObject.Builder memory = JsonObject.builder();
    limit.bytes().ifPresent(bytes -> memory.put("limit", bytes));
    if (limit.bytes().isPresent()) {
      memory.put("swap", limit.withSwap().orElse(limit.bytes().getAsLong()));
    }
    limit.reservation().ifPresent(bytes -> memory.put("reservation", bytes));
    return memory.build();
  }

  private static JsonObject cpu(CpuLimit limit) {
    JsonObject.Builder cpu = JsonObject.builder();
    limit.shares().ifPresent(shares -> cpu.put("shares", shares));
    if (limit.count().isPresent()) {
      cpu.put("quota", Math.round(limit.count().getAsDouble() * CPU_PERIOD_MICROS));
      cpu.put("period", CPU_PERIOD_MICROS);
    }
    limit.processors().ifPresent(processors -> cpu.put("cpus", processors.toString()));
    limit.memoryNodes().ifPresent(nodes -> cpu.put("mems", nodes.toString()));
    return cpu.build();
  }

  private static JsonObject io(BlockIo limit) {
    JsonObject.Builder io = JsonObject.builder();
    limit.weight().ifPresent(weight -> io.put("weight", weight));
    for (BlockIo.Kind kind : BlockIo.Kind.values()) {
      List<JsonValue> rates = new ArrayList<>();
      for (BlockIo.Rate rate : limit.rates()) {
        if (rate.kind() == kind) {
          rates.add(
              JsonObject.builder()
                  .put("major", rate.device().major())
                  .put("minor", rate.device().minor())
                  .put("rate", rate.perSecond())
                  .build());
        }
      }
      if (!rates.isEmpty()) {
        io.put(field(kind), new JsonArray(rates));
      }
    }
    return io.build();
  }

  private static String field(BlockIo.Kind kind) {
    return switch (kind) {
      case READ_BYTES -> "throttleReadBpsDevice";
      case WRITE_BYTES -> "throttleWriteBpsDevice";
      case READS -> "throttleReadIOPSDevice";
      case WRITES -> "throttleWriteIOPSDevice";
    };
  }

  /** The {@code linux.devices} array: those beyond the ones that every runtime makes. */
  static JsonArray nodes(List<DeviceNode> nodes) {
    List<JsonValue> entries = new ArrayList<>();
    for (DeviceNode node : nodes) {
      JsonObject.Builder entry =
          JsonObject.builder().put("path", node.path().toString()).put("type", letter(node.type()));
      if (node.type().isDevice()) {
        entry.put("major", node.number().major()).put("minor", node.number().minor());
      }
      entry.put("fileMode", node.permissions()).put("uid", node.uid()).put("gid", node.gid());
      entries.add(entry.build());
    }
    return new JsonArray(entries);
  }

  private static String letter(FileType type) {
    return switch (type) {
      case BLOCK_DEVICE -> "b";
      case CHARACTER_DEVICE -> "c";
      case FIFO -> "p";
      default -> throw new IllegalArgumentException("no device: " + type);
    };
  }
}
