package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.ControlGroup;
import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.isolation.plan.AttachRoot;
import io.jbuild.isolation.plan.AwaitNetwork;
import io.jbuild.isolation.plan.DieWithParent;
import io.jbuild.isolation.plan.ExecuteTrusted;
import io.jbuild.isolation.plan.HideMounts;
import io.jbuild.isolation.plan.HostDevices;
import io.jbuild.isolation.plan.HostProc;
import io.jbuild.isolation.plan.KeepDescriptor;
import io.jbuild.isolation.plan.NewSession;
import io.jbuild.isolation.plan.OfferNetwork;
import io.jbuild.isolation.plan.Plan;
import io.jbuild.isolation.plan.ProvideBundle;
import io.jbuild.isolation.plan.RaiseLoopback;
import io.jbuild.isolation.plan.ResetSignals;
import io.jbuild.isolation.plan.SetupStep;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One start of one sandbox by an OCI runtime.
 *
 * <p>The runtime runs in a mount and a PID namespace of its own. The root, the bundle and the
 * runtime's state are mounted in there only, and it is the first process of the other: when it is
 * killed, or jbuild is, the container goes with it and nothing has to be deleted but the control
 * group, which is jbuild's.
 */
final class RuntimeStart extends Start {
  private static final AtomicLong NUMBER = new AtomicLong();

  /** The descriptor that the runtime writes its log to; another where the log has this already. */
  private static final int LOG = 3;

  private final RuntimeProgram runtime;
  private final IsolationCore.Places places;
  private final ControlGroups groups;
  private final PrivateNetworks networks;
  private final PidFd self;
  private final String name =
      "jbuild-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();

  RuntimeStart(
      SandboxSpec spec,
      Stdio io,
      RuntimeProgram runtime,
      IsolationCore.Places places,
      ControlGroups groups,
      PrivateNetworks networks,
      PidFd self) {
    super(spec, io);
    this.runtime = runtime;
    this.places = places;
    this.groups = groups;
    this.networks = networks;
    this.self = self;
  }

  @Override
  Sandbox startOpened() throws IOException {
    ControlGroup group = kept.add(groups.create(groupLimits(spec.walls().anyDevice())));
    Fd root = kept.add(MountApi.openDetached(spec.root(), EnumSet.of(MountFlag.NO_DEV)));
    MountPoints points = kept.add(new MountPoints(kept.add(KernelDir.of(root))));
    OutputPipes pipes = new OutputPipes(name, kept, forChild);
    List<SetupStep> streams = new ArrayList<>();
    pipes.streams(io).ifPresent(streams::add);
    RuntimeLog log = new RuntimeLog();
    Optional<NetworkExchange> network = openNetwork();
    Plan plan = plan(root, points, group, streams, pipes.open(log, "log"), network);
    EnumSet<Namespace> namespaces = EnumSet.of(Namespace.MOUNT, Namespace.PID);
    network.ifPresent(unused -> namespaces.add(Namespace.NETWORK));
    Spawn spawn = forChild.add(Spawn.prepare(plan.compile(), namespaces, OptionalInt.empty()));
    RunningSandbox running =
        new RunningSandbox(spawn, name, group, spec.limits().memoryBytes(), pipes.pumps(), kept);
    running.launch(() -> network.ifPresent(NetworkExchange::childIsThrough));
    if (network.isPresent()) {
      SandboxStart.serve(null, network.get(), spawn, running);
    }
    running.awaitStart();
    return new RuntimeSandbox(running, runtime, spec.command(), log);
  }

  /** The runtime's own network is the container's, as a private one. */
  private Optional<NetworkExchange> openNetwork() throws IOException {
    return spec.network().isPrivate()
        ? Optional.of(kept.add(NetworkExchange.open(networks, spec.network().rates())))
        : Optional.empty();
  }

  private Plan plan(
      Fd root,
      MountPoints points,
      ControlGroup group,
      List<SetupStep> streams,
      Fd log,
      Optional<NetworkExchange> network)
      throws IOException {
    BundleMounts mounts = new BundleMounts(places.files(), points, forChild);
    mounts.addAll(spec, new NameFiles(spec, networks), groups.isPureUnified());
    BundleConfig config =
        new BundleConfig(
            spec,
            places.root(),
            mounts.entries(),
            group.runtimePath(),
            groups.controls().missing().keySet());
    int logNumber = log.number() == LOG ? LOG + 1 : LOG;
    List<SetupStep> steps = new ArrayList<>();
    Optional<OfferNetwork> offer = network.map(NetworkExchange::childSide);
    offer.ifPresent(steps::add);
    steps.add(new NewSession());
    steps.add(new AttachRoot(root, places.root()));
    steps.add(new ProvideBundle(places.files(), config.json(), mounts.files(), mounts.sources()));
    steps.add(new HideMounts(foreignGroups(group)));
    steps.add(new HostProc());
    steps.add(new HostDevices());
    steps.addAll(streams);
    offer.ifPresent(unused -> steps.add(new RaiseLoopback()));
    offer.ifPresent(known -> steps.add(new AwaitNetwork(known.ours(), self)));
    steps.add(SandboxPlanner.limits(List.of()));
    steps.add(new DieWithParent(self));
    steps.add(new KeepDescriptor(log, logNumber));
    steps.add(new ResetSignals(logNumber + 1));
    steps.add(
        new ExecuteTrusted(
            runtime.path(),
            runtime.arguments(name, places.files(), "/proc/self/fd/" + logNumber),
            runtime.environment()));
    return new Plan(steps, Optional.empty());
  }

  /**
   * Trees of control groups that jbuild has no group in. A runtime makes one in every tree that it
   * sees, and would leave it there.
   */
  private static List<Path> foreignGroups(ControlGroup group) throws IOException {
    List<Path> foreign = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String[] fields = line.split(" ", -1);
      String type = fields[List.of(fields).indexOf("-") + 1];
      Path place = Path.of(fields[4]);
      if (type.startsWith("cgroup")
          && group.directories().stream().noneMatch(directory -> directory.startsWith(place))) {
        foreign.add(place);
      }
    }
    return foreign;
  }
}
