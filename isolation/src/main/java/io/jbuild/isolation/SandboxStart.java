package io.jbuild.isolation;

import io.jbuild.isolation.SandboxPlanner.Surroundings;
import io.jbuild.isolation.cgroup.ControlGroup;
import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.lsm.SecurityModules;
import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.isolation.plan.OfferNetwork;
import io.jbuild.isolation.plan.Plan;
import io.jbuild.isolation.plan.StandardStreams;
import io.jbuild.isolation.plan.WaitForIdMaps;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One start of one sandbox: opens what it needs, has it planned, and runs the plan. */
final class SandboxStart extends Start {
  private static final AtomicLong NUMBER = new AtomicLong();

  private final IsolationCore.Places places;
  private final ControlGroups groups;
  private final PrivateNetworks networks;
  private final PidFd self;
  private final String name = "sandbox-" + NUMBER.incrementAndGet();

  SandboxStart(
      SandboxSpec spec,
      Stdio io,
      IsolationCore.Places places,
      ControlGroups groups,
      PrivateNetworks networks,
      PidFd self) {
    super(spec, io);
    this.places = places;
    this.groups = groups;
    this.networks = networks;
    this.self = self;
  }

  @Override
  RunningSandbox startOpened() throws IOException {
    ControlGroup group = kept.add(groups.create(groupLimits(spec.walls().anyDevice())));
    SecurityModules.Chosen labels = SecurityModules.at(Path.of("/")).choose(spec.walls().labels());
    Fd root =
        kept.add(
            MountApi.openDetached(
                spec.root(), EnumSet.of(MountFlag.NO_DEV), labels.mountContext()));
    MountPoints points = kept.add(new MountPoints(kept.add(KernelDir.of(root))));
    OutputPipes pipes = new OutputPipes(name, kept, forChild);
    Optional<StandardStreams> streams = pipes.streams(io);
    IdMapExchange idMaps = openIdMaps();
    Optional<WaitForIdMaps> wait = Optional.ofNullable(idMaps).map(IdMapExchange::childSide);
    NetworkExchange network = openNetwork();
    Optional<OfferNetwork> offer = Optional.ofNullable(network).map(NetworkExchange::childSide);
    boolean inUnified = Spawn.canEnterCgroup() && group.unified().isPresent();
    Surroundings around =
        new Surroundings(
            root,
            places,
            group,
            inUnified,
            groups.isPureUnified(),
            wait,
            offer,
            new NameFiles(spec, networks),
            streams,
            self,
            labels);
    Plan plan = new SandboxPlanner(spec, points, forChild).plan(around);
    Spawn spawn = forChild.add(Spawn.prepare(plan.compile(), namespaces(), cgroup(group)));
    RunningSandbox sandbox =
        new RunningSandbox(spawn, name, group, spec.limits().memoryBytes(), pipes.pumps(), kept);
    sandbox.launch(() -> childIsThrough(idMaps, network));
    serve(idMaps, network, spawn, sandbox);
    sandbox.awaitStart();
    return sandbox;
  }

  private static void childIsThrough(
      @Nullable IdMapExchange idMaps, @Nullable NetworkExchange network) {
    if (idMaps != null) {
      idMaps.childIsThrough();
    }
    if (network != null) {
      network.childIsThrough();
    }
  }

  /** Gives the child what it waits for. */
  static void serve(
      @Nullable IdMapExchange idMaps,
      @Nullable NetworkExchange network,
      Spawn spawn,
      RunningSandbox sandbox)
      throws IOException {
    try {
      if (idMaps != null) {
        idMaps.answer(spawn::pid);
      }
      if (network != null) {
        network.answer(spawn::pid);
      }
    } catch (IOException | RuntimeException | Error e) {
      if (idMaps != null) {
        idMaps.close(); // the child sees its pipe end, and ends
      }
      if (network != null) {
        network.refuse();
      }
      try {
        sandbox.awaitStart();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private Set<Namespace> namespaces() {
    Set<Namespace> namespaces =
        EnumSet.of(Namespace.MOUNT, Namespace.PID, Namespace.IPC, Namespace.UTS);
    if (spec.network().isOwn()) {
      namespaces.add(Namespace.NETWORK);
    }
    if (spec.userNamespace().isPresent()) {
      namespaces.add(Namespace.USER);
    }
    return namespaces;
  }

  private static OptionalInt cgroup(ControlGroup group) {
    return Spawn.canEnterCgroup() && group.unified().isPresent()
        ? OptionalInt.of(group.unified().get().fd().number())
        : OptionalInt.empty();
  }

  private @Nullable NetworkExchange openNetwork() throws IOException {
    return spec.network().isPrivate()
        ? kept.add(NetworkExchange.open(networks, spec.network().rates()))
        : null;
  }

  private @Nullable IdMapExchange openIdMaps() throws IOException {
    return spec.userNamespace().isEmpty()
        ? null
        : forChild.add(IdMapExchange.open(spec.userNamespace().get()));
  }
}
