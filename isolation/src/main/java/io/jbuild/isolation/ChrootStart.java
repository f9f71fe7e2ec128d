package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.ControlGroup;
import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.plan.AdoptOrphans;
import io.jbuild.isolation.plan.BecomeUser;
import io.jbuild.isolation.plan.ChangeRoot;
import io.jbuild.isolation.plan.DieWithParent;
import io.jbuild.isolation.plan.DropCapabilities;
import io.jbuild.isolation.plan.EnterDirectory;
import io.jbuild.isolation.plan.Execute;
import io.jbuild.isolation.plan.HostDevices;
import io.jbuild.isolation.plan.InstallFilter;
import io.jbuild.isolation.plan.JoinControlGroups;
import io.jbuild.isolation.plan.NewSession;
import io.jbuild.isolation.plan.NoNewPrivileges;
import io.jbuild.isolation.plan.Plan;
import io.jbuild.isolation.plan.ResetSignals;
import io.jbuild.isolation.plan.SetupStep;
import io.jbuild.isolation.plan.StandardStreams;
import io.jbuild.isolation.seccomp.CallFilter;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.linux.spawn.Spawn;
import io.jbuild.linux.spawn.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One start of one sandbox by chroot(2), where neither namespaces nor mounts can be had. What a
 * spec asks for and cannot have is an error, except for what {@link Mechanism.Chroot} says of every
 * such sandbox.
 */
final class ChrootStart extends Start {
  private static final AtomicLong NUMBER = new AtomicLong();

  private final ControlGroups groups;
  private final PidFd self;
  private final Strays strays;
  private final String name = "chroot-" + NUMBER.incrementAndGet();

  ChrootStart(SandboxSpec spec, Stdio io, ControlGroups groups, PidFd self, Strays strays) {
    super(spec, io);
    this.groups = groups;
    this.self = self;
    this.strays = strays;
  }

  @Override
  Sandbox startOpened() throws IOException {
    ChrootLimits.check(spec);
    if (!(spec.root() instanceof Bind bind)) {
      throw new IOException("a chroot needs a root that is a plain directory, not a mount");
    }
    // Who may not administer the machine may write no list of devices.
    ControlGroup group = kept.add(groups.create(groupLimits(true)));
    KernelDir root = kept.add(KernelDir.of(bind.source()));
    Path place = Files.readSymbolicLink(Path.of("/proc/self/fd/" + root.fd().number()));
    KernelDir beside = kept.add(KernelDir.open(place.resolveSibling("")));
    CoveredPlaces covered = kept.add(new CoveredPlaces(root, beside));
    new ChrootPlaces(spec, covered).fill();
    OutputPipes pipes = new OutputPipes(name, kept, forChild);
    Plan plan = plan(root, group, pipes.streams(io));
    Spawn spawn = forChild.add(Spawn.prepare(plan.compile(), Set.of(), OptionalInt.empty()));
    RunningSandbox running =
        new RunningSandbox(
            spawn, name, group, spec.limits().memoryBytes(), pipes.pumps(), kept, strays);
    running.launch(() -> {});
    running.awaitStart();
    return running;
  }

  private Plan plan(KernelDir root, ControlGroup group, Optional<StandardStreams> streams)
      throws IOException {
    User user = spec.command().user();
    Rights rights = Rights.of(spec);
    rights.requireIds(user);
    Set<Capability> capabilities = capabilities();
    List<SetupStep> steps = new ArrayList<>();
    steps.add(new JoinControlGroups(group.memberFiles(false), false));
    steps.add(new NewSession());
    steps.add(new HostDevices());
    streams.ifPresent(steps::add);
    steps.add(new ChangeRoot(root.fd()));
    steps.add(new NoNewPrivileges()); // who may not mount may install no filter without it
    steps.add(new EnterDirectory(spec.command().directory()));
    steps.add(SandboxPlanner.limits(SandboxPlanner.processLimits(spec)));
    steps.add(new AdoptOrphans());
    steps.add(new DropCapabilities(capabilities));
    Optional<List<Long>> further =
        rights.setsGroups() ? Optional.of(user.groups()) : Optional.empty();
    steps.add(new BecomeUser(user.uid(), user.gid(), further, capabilities));
    steps.add(new DieWithParent(self));
    steps.add(new InstallFilter(filter(capabilities)));
    steps.add(new ResetSignals());
    steps.add(
        new Execute(
            forChild.add(Starter.open()),
            Optional.empty(),
            PathSearch.candidates(spec.command()),
            spec.command().argv(),
            spec.command().environment()));
    return new Plan(steps, Optional.empty());
  }

  private byte[] filter(Set<Capability> capabilities) {
    Walls walls = spec.walls();
    return walls.profile().isPresent()
        ? walls.profile().get().compile(capabilities)
        : CallFilter.compile(capabilities, walls.thirtyTwoBit());
  }

  /** Those that we have ourselves; never the one that leads out again. */
  private Set<Capability> capabilities() throws IOException {
    EnumSet<Capability> kept = EnumSet.noneOf(Capability.class);
    long own = OwnCapabilities.permitted();
    for (Capability capability : spec.walls().capabilities()) {
      if ((own & capability.bit()) != 0 && capability != Capability.SYS_CHROOT) {
        kept.add(capability);
      }
    }
    return kept;
  }
}
