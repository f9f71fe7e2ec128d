package io.jbuild.isolation;

import io.jbuild.isolation.ProcessLimit.Resource;
import io.jbuild.isolation.cgroup.ControlGroup;
import io.jbuild.isolation.lsm.SecurityModules;
import io.jbuild.isolation.plan.AttachRoot;
import io.jbuild.isolation.plan.AwaitNetwork;
import io.jbuild.isolation.plan.BecomeUser;
import io.jbuild.isolation.plan.DieWithParent;
import io.jbuild.isolation.plan.DropCapabilities;
import io.jbuild.isolation.plan.EnterDirectory;
import io.jbuild.isolation.plan.Execute;
import io.jbuild.isolation.plan.FillDev;
import io.jbuild.isolation.plan.InstallFilter;
import io.jbuild.isolation.plan.JoinControlGroups;
import io.jbuild.isolation.plan.LimitResources;
import io.jbuild.isolation.plan.MountControlGroups;
import io.jbuild.isolation.plan.MountProc;
import io.jbuild.isolation.plan.MountSys;
import io.jbuild.isolation.plan.NewSession;
import io.jbuild.isolation.plan.NoNewPrivileges;
import io.jbuild.isolation.plan.OfferNetwork;
import io.jbuild.isolation.plan.OwnClock;
import io.jbuild.isolation.plan.PivotRoot;
import io.jbuild.isolation.plan.PlaceFile;
import io.jbuild.isolation.plan.PlaceMount;
import io.jbuild.isolation.plan.Plan;
import io.jbuild.isolation.plan.ProvideFiles;
import io.jbuild.isolation.plan.RaiseLoopback;
import io.jbuild.isolation.plan.ReadOnlyRoot;
import io.jbuild.isolation.plan.ResetSignals;
import io.jbuild.isolation.plan.SetHostname;
import io.jbuild.isolation.plan.SetOomScore;
import io.jbuild.isolation.plan.SetSysctl;
import io.jbuild.isolation.plan.SetupStep;
import io.jbuild.isolation.plan.StandardStreams;
import io.jbuild.isolation.plan.Target;
import io.jbuild.isolation.plan.WaitForIdMaps;
import io.jbuild.isolation.seccomp.CallFilter;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Fd;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.linux.spawn.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a spec into a plan. The order is what the walls stand on: everything of the host is opened
 * before the root is entered, everything is mounted before the old root goes, and privileges are
 * given up from the widest to the last.
 */
final class SandboxPlanner {
  private static final Path ROOT = Path.of("/");
  private static final TreePath DEV = TreePath.parse("/dev");
  private static final TreePath PROC = TreePath.parse("/proc");
  private static final TreePath SYS = TreePath.parse("/sys");
  private static final int OOM_SCORE_MORE = 200;
  private static final int OOM_SCORE_MAX = 1000;

  /** systemd's choice: programs that use select() break above the soft limit. */
  private static final long OPEN_FILES_SOFT = 1024;

  private static final long OPEN_FILES_HARD = 1 << 20;

  static final long SHARED_MEMORY_BYTES = 64 << 20;

  private final SandboxSpec spec;
  private final MountPoints points;
  private final Closing opened;
  private final List<SetupStep> steps = new ArrayList<>();
  private final Rights rights;

  /**
   * @param opened closes what only the child needs, once it is there
   */
  SandboxPlanner(SandboxSpec spec, MountPoints points, Closing opened) throws IOException {
    this.spec = spec;
    this.points = points;
    this.opened = opened;
    this.rights = Rights.of(spec);
  }

  /** What the sandbox gets from outside of its spec. */
  record Surroundings(
      Fd root,
      IsolationCore.Places places,
      ControlGroup group,
      boolean startsInUnified,
      boolean pureUnified,
      Optional<WaitForIdMaps> idMaps,
      Optional<OfferNetwork> network,
      NameFiles nameFiles,
      Optional<StandardStreams> streams,
      PidFd parent,
      SecurityModules.Chosen labels) {}

  Plan plan(Surroundings around) throws IOException {
    steps.add(new JoinControlGroups(around.group().memberFiles(around.startsInUnified())));
    around.idMaps().ifPresent(steps::add);
    around.network().ifPresent(steps::add);
    steps.add(new NewSession());
    steps.add(new AttachRoot(around.root(), around.places().root()));
    if (spec.readOnlyRoot()) {
      steps.add(new ReadOnlyRoot());
    }
    mounts(around);
    kernel(around);
    around.streams().ifPresent(steps::add);
    steps.add(new PivotRoot());
    steps.add(new SetHostname(spec.hostname()));
    privileges(around.parent());
    steps.add(
        new Execute(
            opened.add(Starter.open()),
            execLabel(around.labels()),
            PathSearch.candidates(spec.command()),
            spec.command().argv(),
            spec.command().environment()));
    return new Plan(steps, around.labels().mountContext());
  }

  private void mounts(Surroundings around) throws IOException {
    for (TreePath directory : List.of(DEV, PROC, SYS)) {
      points.prepareSystemDirectory(directory);
    }
    List<SandboxFile> files = new ArrayList<>(spec.files());
    List<SetupStep> placed = new ArrayList<>();
    List<MountPoint> ordered = new ArrayList<>(spec.mounts());
    ordered.sort(Comparator.comparing(MountPoint::target));
    for (MountPoint mount : ordered) {
      placed.add(place(mount));
    }
    for (int i = 0; i < files.size(); i++) {
      placed.add(new PlaceFile(i, points.prepare(files.get(i).target(), true)));
    }
    for (SandboxFile file : around.nameFiles().missing()) {
      Optional<Target> target = placeIfPossible(file.target());
      if (target.isPresent()) {
        placed.add(new PlaceFile(files.size(), target.get()));
        files.add(file);
      }
    }
    steps.add(
        new ProvideFiles(
            files.stream()
                .map(f -> new ProvideFiles.OwnFile(f.content(), f.permissions(), f.uid(), f.gid()))
                .toList(),
            around.places().files()));
    steps.add(
        new FillDev(
            rights.inUserNamespace(),
            rights.mapsGid(FillDev.TTY_GROUP),
            spec.limits().sharedMemoryBytes().orElse(SHARED_MEMORY_BYTES),
            rights.usable(MachineDevices.with(spec), spec.devices()).stream()
                .map(
                    node ->
                        new FillDev.Node(
                            node.path(),
                            node.type().bits() | node.permissions(),
                            node.number(),
                            node.uid(),
                            node.gid()))
                .toList()));
    steps.addAll(placed);
    steps.add(new MountSys(spec.walls().maskKernelFiles(), rights.sysIsHosts(spec)));
    if (around.pureUnified()) {
      steps.add(new MountControlGroups());
    }
    steps.add(new MountProc());
  }

  /** An image without a usable /etc has no use for the files in it either. */
  private Optional<Target> placeIfPossible(TreePath path) {
    try {
      return Optional.of(points.prepare(path, true));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private PlaceMount place(MountPoint point) throws IOException {
    if (point.mount() instanceof Filesystem made && made.showsNamespaces()) {
      Target target = points.prepare(point.target(), false);
      return new PlaceMount(new PlaceMount.Source.Made(made, point.flags()), target);
    }
    boolean file = point.mount() instanceof Bind bind && !isDirectory(bind.source());
    Target target = points.prepare(point.target(), file);
    Fd mount = opened.add(MountApi.openDetached(point.mount(), point.flags()));
    return new PlaceMount(new PlaceMount.Source.Detached(mount), target);
  }

  private static boolean isDirectory(Fd source) throws IOException {
    return Files.isDirectory(Path.of("/proc/self/fd/" + source.number()));
  }

  private void kernel(Surroundings around) throws IOException {
    if (spec.clock().isPresent()) {
      ClockOffsets clock = spec.clock().get();
      long fromZero = -secondsSinceBoot();
      steps.add(
          new OwnClock(clock.monotonic().orElse(fromZero), clock.boottime().orElse(fromZero)));
    }
    steps.add(new SetOomScore(oomScore()));
    if (spec.network().isOwn()) {
      steps.add(new RaiseLoopback());
      steps.add(new SetSysctl("net/ipv4/ip_unprivileged_port_start", "0"));
      steps.add(new SetSysctl("net/ipv4/ping_group_range", "0 " + rights.highestGid()));
    }
    around
        .network()
        .map(offer -> new AwaitNetwork(offer.ours(), around.parent()))
        .ifPresent(steps::add);
    if (spec.walls().maskKernelFiles()) {
      steps.add(KernelFiles.find(rights.sysIsHosts(spec), spec.walls().kernelPaths()));
    }
  }

  private void privileges(PidFd parent) throws IOException {
    Walls walls = spec.walls();
    User user = spec.command().user();
    InstallFilter filter = new InstallFilter(walls.filterCalls() ? filter(walls) : new byte[0]);
    if (walls.noNewPrivileges()) {
      steps.add(new NoNewPrivileges());
    } else if (walls.filterCalls()) {
      steps.add(filter); // needs a capability that is dropped next
    }
    steps.add(new EnterDirectory(spec.command().directory()));
    steps.add(limits(processLimits(spec))); // after the last open, before the capability goes
    Set<Capability> capabilities = capabilities(spec);
    steps.add(new DropCapabilities(capabilities));
    rights.requireIds(user);
    Optional<List<Long>> groups =
        rights.setsGroups() ? Optional.of(user.groups()) : Optional.empty();
    steps.add(new BecomeUser(user.uid(), user.gid(), groups, capabilities));
    steps.add(new DieWithParent(parent));
    if (walls.noNewPrivileges() && walls.filterCalls()) {
      steps.add(filter);
    }
    steps.add(new ResetSignals());
  }

  private static Optional<Execute.Label> execLabel(SecurityModules.Chosen labels) {
    return labels
        .appArmor()
        .map(name -> new Execute.Label(SecurityModules.at(ROOT).appArmorFile(), "exec " + name))
        .or(
            () ->
                labels
                    .selinux()
                    .map(text -> new Execute.Label(SecurityModules.SELINUX_FILE, text)));
  }

  private static byte[] filter(Walls walls) {
    return walls.profile().isPresent()
        ? walls.profile().get().compile(walls.capabilities())
        : CallFilter.compile(walls.capabilities(), walls.thirtyTwoBit());
  }

  /** "All" means all that we have ourselves, which in a container or VM may not be every one. */
  static Set<Capability> capabilities(SandboxSpec spec) throws IOException {
    Set<Capability> wanted = spec.walls().capabilities();
    boolean all = wanted.equals(EnumSet.allOf(Capability.class));
    return all && spec.userNamespace().isEmpty() ? Capability.held() : wanted;
  }

  static List<ProcessLimit> processLimits(SandboxSpec spec) throws IOException {
    Map<Resource, ProcessLimit> limits = new EnumMap<>(Resource.class);
    limits.put(Resource.CORE, new ProcessLimit(Resource.CORE, 0, 0));
    limits.put(Resource.NOFILE, openFiles());
    spec.limits().ofProcesses().forEach(limit -> limits.put(limit.resource(), limit));
    return List.copyOf(limits.values());
  }

  static LimitResources limits(List<ProcessLimit> limits) {
    return new LimitResources(
        limits.stream()
            .map(
                limit ->
                    new LimitResources.Limit(
                        limit.resource().number(), limit.soft(), limit.hard(), limit.toString()))
            .toList());
  }

  private static ProcessLimit openFiles() throws IOException {
    long hard = OPEN_FILES_HARD;
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String[] fields = line.trim().split(" +", -1);
        String value = fields[fields.length - 2];
        hard = value.equals("unlimited") ? hard : Math.min(hard, Long.parseLong(value));
      }
    }
    return new ProcessLimit(Resource.NOFILE, Math.min(OPEN_FILES_SOFT, hard), hard);
  }

  /** The kernel prefers to kill what runs in sandboxes. */
  static int oomScore() throws IOException {
    int own = Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).trim());
    return Math.min(OOM_SCORE_MAX, own + OOM_SCORE_MORE);
  }

  static long secondsSinceBoot() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    return Long.parseLong(uptime.substring(0, uptime.indexOf('.')));
  }
}
