package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.Controller;
import io.jbuild.isolation.lsm.SecurityModules;
import io.jbuild.isolation.plan.CoverKernelFiles;
import io.jbuild.isolation.seccomp.RuntimeProfile;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A spec as the {@code config.json} of an OCI bundle. */
final class BundleConfig {
  /** Some runtimes take no later version where nothing needs one. */
  private static final String VERSION = "1.0.2";

  /** The first with time namespaces. */
  private static final String VERSION_WITH_TIME = "1.1.0";

  private static final int UMASK = 022;
  private static final BigInteger UNLIMITED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final SandboxSpec spec;
  private final Path root;
  private final List<JsonValue> mounts;
  private final Optional<String> group;
  private final Set<Controller> missing;
  private final Rights rights;
  private final SecurityModules.Chosen labels;

  /**
   * @param root where the root is in the runtime's mount namespace
   * @param group the control group that the runtime is to use
   * @param missing the controllers that no group here has
   */
  BundleConfig(
      SandboxSpec spec,
      Path root,
      List<JsonValue> mounts,
      Optional<String> group,
      Set<Controller> missing)
      throws IOException {
    labels = SecurityModules.at(Path.of("/")).choose(spec.walls().labels());
    this.spec = spec;
    this.root = root;
    this.mounts = List.copyOf(mounts);
    this.group = group;
    this.missing = Set.copyOf(missing);
    this.rights = Rights.of(spec);
  }

  byte[] json() throws IOException {
    return Json.write(
        JsonObject.builder()
            .put("ociVersion", spec.ownClock() ? VERSION_WITH_TIME : VERSION)
            .put("process", process())
            .put(
                "root",
                JsonObject.builder()
                    .put("path", root.toString())
                    .put("readonly", spec.readOnlyRoot())
                    .build())
            .put("hostname", spec.hostname())
            .put("mounts", new JsonArray(mounts))
            .put("linux", linux())
            .build());
  }

  private JsonObject process() throws IOException {
    Command command = spec.command();
    List<String> capabilities =
        SandboxPlanner.capabilities(spec).stream().map(Capability::toString).sorted().toList();
    JsonObject sets =
        JsonObject.builder()
            .putStrings("bounding", capabilities)
            .putStrings("effective", capabilities)
            .putStrings("permitted", capabilities)
            .build();
    JsonObject.Builder process = JsonObject.builder();
    labels.appArmor().ifPresent(profile -> process.put("apparmorProfile", profile));
    labels.selinux().ifPresent(label -> process.put("selinuxLabel", label));
    return process
        .put("terminal", false)
        .put("user", user(command.user(), rights))
        .putStrings("args", command.argv())
        .putStrings("env", command.environment())
        .put("cwd", new String(command.directory().bytes(), StandardCharsets.UTF_8))
        .put("capabilities", sets)
        .put("rlimits", new JsonArray(processLimits()))
        .put("noNewPrivileges", spec.walls().noNewPrivileges())
        .put("oomScoreAdj", SandboxPlanner.oomScore())
        .build();
  }

  private static JsonObject user(User user, Rights rights) throws IOException {
    rights.requireIds(user);
    List<Long> groups = rights.setsGroups() ? user.groups() : List.of();
    return JsonObject.builder()
        .put("uid", user.uid())
        .put("gid", user.gid())
        .put("umask", UMASK)
        .put("additionalGids", new JsonArray(groups.stream().map(JsonValue::of).toList()))
        .build();
  }

  private List<JsonValue> processLimits() throws IOException {
    List<JsonValue> entries = new ArrayList<>();
    for (ProcessLimit limit : SandboxPlanner.processLimits(spec)) {
      entries.add(
          JsonObject.builder()
              .put("type", "RLIMIT_" + limit.resource().name().toUpperCase(Locale.ROOT))
              .put("hard", unsigned(limit.hard()))
              .put("soft", unsigned(limit.soft()))
              .build());
    }
    return entries;
  }

  private static JsonValue unsigned(long value) {
    return value == ProcessLimit.UNLIMITED
        ? new JsonValue.Numeral(UNLIMITED.toString())
        : JsonValue.of(value);
  }

  private JsonObject linux() throws IOException {
    Walls walls = spec.walls();
    JsonObject.Builder linux = JsonObject.builder();
    group.ifPresent(path -> linux.put("cgroupsPath", path));
    linux.put("namespaces", new JsonArray(namespaces()));
    if (spec.userNamespace().isPresent()) {
      linux.put("uidMappings", mappings(spec.userNamespace().get().users()));
      linux.put("gidMappings", mappings(spec.userNamespace().get().groups()));
    }
    if (spec.clock().isPresent()) {
      linux.put("timeOffsets", timeOffsets(spec.clock().get()));
    }
    linux.put("sysctl", JsonObject.ofStrings(sysctls()));
    linux.put(
        "devices", BundleResources.nodes(rights.usable(MachineDevices.with(spec), spec.devices())));
    linux.put("resources", BundleResources.of(spec, missing));
    if (walls.profile().isPresent()) {
      throw new IOException("an OCI runtime takes no seccomp profile of one's own here");
    }
    labels.mountContext().ifPresent(label -> linux.put("mountLabel", label));
    if (walls.filterCalls()) {
      linux.put("seccomp", RuntimeProfile.of(walls.capabilities(), walls.thirtyTwoBit()));
    }
    if (walls.maskKernelFiles()) {
      CoverKernelFiles covered = KernelFiles.find(rights.sysIsHosts(spec), walls.kernelPaths());
      List<String> masked = new ArrayList<>(covered.files());
      masked.addAll(covered.directories());
      linux.putStrings("maskedPaths", masked.stream().map(path -> "/" + path).toList());
      linux.putStrings(
          "readonlyPaths", covered.readOnly().stream().map(path -> "/" + path).toList());
    }
    return linux.build();
  }

  private List<JsonValue> namespaces() {
    List<String> types = new ArrayList<>(List.of("pid", "mount", "ipc", "uts", "cgroup"));
    if (spec.network().equals(Network.NONE)) {
      types.add("network"); // a private one is the runtime's own, and there already
    }
    if (spec.userNamespace().isPresent()) {
      types.add("user");
    }
    if (spec.ownClock()) {
      types.add("time");
    }
    List<JsonValue> entries = new ArrayList<>();
    types.forEach(type -> entries.add(JsonObject.builder().put("type", type).build()));
    return entries;
  }

  private static JsonArray mappings(List<IdMapping> mappings) {
    return new JsonArray(
        mappings.stream()
            .<JsonValue>map(
                mapping ->
                    JsonObject.builder()
                        .put("containerID", mapping.inside())
                        .put("hostID", mapping.outside())
                        .put("size", mapping.count())
                        .build())
            .toList());
  }

  private static JsonObject timeOffsets(ClockOffsets clock) throws IOException {
    long fromZero = -SandboxPlanner.secondsSinceBoot();
    return JsonObject.builder()
        .put("monotonic", seconds(clock.monotonic().orElse(fromZero)))
        .put("boottime", seconds(clock.boottime().orElse(fromZero)))
        .build();
  }

  private static JsonObject seconds(long seconds) {
    return JsonObject.builder().put("secs", seconds).build();
  }

  /** As far as this kernel has them: a runtime takes a missing one for an error. */
  private SortedMap<String, String> sysctls() {
    SortedMap<String, String> sysctls = new TreeMap<>();
    if (spec.network().equals(Network.NONE)) {
      putIfPresent(sysctls, "net.ipv4.ip_unprivileged_port_start", "0");
      putIfPresent(sysctls, "net.ipv4.ping_group_range", "0 " + rights.highestGid());
    }
    return sysctls;
  }

  private static void putIfPresent(Map<String, String> sysctls, String name, String value) {
    if (Files.exists(Path.of("/proc/sys", name.replace('.', '/')))) {
      sysctls.put(name, value);
    }
  }
}
