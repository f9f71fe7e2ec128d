package io.jbuild.isolation;

import io.jbuild.isolation.running.SandboxLabel;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Mount;
import io.jbuild.linux.mount.MountPoint;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that a sandbox is made from. The root and the mounts are plain data; descriptors in them stay
 * the caller's, who may close them once {@link IsolationCore#start} has returned.
 *
 * @param root mounted nodev; /dev, /proc and /sys are put into it
 * @param mounts made in order of their targets; a missing target is made for the time of the run
 * @param devices made in /dev; not in a user namespace, where the kernel makes none
 * @param files bound after the mounts; /etc/hosts and /etc/resolv.conf are added when not given
 * @param userNamespace present when the sandbox gets a user namespace of its own
 * @param clock present when it gets a time namespace
 * @param label what it is called in the register of those that run; empty is not to be in there
 */
public record SandboxSpec(
    Mount root,
    List<MountPoint> mounts,
    List<SandboxFile> files,
    List<DeviceNode> devices,
    Command command,
    String hostname,
    Network network,
    NameService names,
    Limits limits,
    Walls walls,
    Optional<IdMappings> userNamespace,
    Optional<ClockOffsets> clock,
    boolean readOnlyRoot,
    Optional<SandboxLabel> label) {
  /** The same for every build, so that what prints it does not change from run to run. */
  public static final String DEFAULT_HOSTNAME = "jbuild";

  private static final int MAX_HOSTNAME = 64;
  private static final List<TreePath> RESERVED =
      List.of(TreePath.parse("/proc"), TreePath.parse("/sys"));

  public SandboxSpec {
    mounts = List.copyOf(mounts);
    files = List.copyOf(files);
    devices = List.copyOf(devices);
    if (!isHostname(hostname)) {
      throw new IllegalArgumentException("not a host name: \"" + hostname + "\"");
    }
    mounts.forEach(mount -> requireFree(mount.target()));
    files.forEach(file -> requireFree(file.target()));
    if (userNamespace.isPresent() && !devices.isEmpty()) {
      throw new IllegalArgumentException("devices in a user namespace: " + devices);
    }
  }

  /** Whether a sandbox can have this name. */
  public static boolean isHostname(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9.-]*") && text.length() <= MAX_HOSTNAME;
  }

  /** With no network, default limits and walls. */
  public static SandboxSpec of(Mount root, Command command) {
    return new SandboxSpec(
        root,
        List.of(),
        List.of(),
        List.of(),
        command,
        DEFAULT_HOSTNAME,
        Network.NONE,
        NameService.USUAL,
        Limits.DEFAULT,
        Walls.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static void requireFree(TreePath target) {
    boolean device = target.equals(TreePath.parse("/dev"));
    if (target.isRoot() || device || RESERVED.stream().anyMatch(target::startsWith)) {
      throw new IllegalArgumentException("cannot mount on " + target);
    }
  }

  public SandboxSpec withMounts(List<MountPoint> newMounts) {
    return with(draft -> draft.mounts = newMounts);
  }

  public SandboxSpec withFiles(List<SandboxFile> newFiles) {
    return with(draft -> draft.files = newFiles);
  }

  public SandboxSpec withDevices(List<DeviceNode> newDevices) {
    return with(draft -> draft.devices = newDevices);
  }

  public SandboxSpec withCommand(Command newCommand) {
    return with(draft -> draft.command = newCommand);
  }

  public SandboxSpec withHostname(String newHostname) {
    return with(draft -> draft.hostname = newHostname);
  }

  public SandboxSpec withNetwork(Network newNetwork) {
    return with(draft -> draft.network = newNetwork);
  }

  public SandboxSpec withNames(NameService newNames) {
    return with(draft -> draft.names = newNames);
  }

  public SandboxSpec withLimits(Limits newLimits) {
    return with(draft -> draft.limits = newLimits);
  }

  public SandboxSpec withWalls(Walls newWalls) {
    return with(draft -> draft.walls = newWalls);
  }

  public SandboxSpec withUserNamespace(IdMappings mappings) {
    return with(draft -> draft.userNamespace = Optional.of(mappings));
  }

  /** Whether the sandbox counts its own uptime: a time namespace. */
  public SandboxSpec withOwnClock(boolean on) {
    return withClock(on ? Optional.of(ClockOffsets.FROM_ZERO) : Optional.empty());
  }

  /** The offsets of a time namespace; empty is the machine's own clocks. */
  public SandboxSpec withClock(Optional<ClockOffsets> offsets) {
    return with(draft -> draft.clock = offsets);
  }

  public boolean ownClock() {
    return clock.isPresent();
  }

  /** Has it in the register of running sandboxes, by this name. */
  public SandboxSpec withLabel(SandboxLabel newLabel) {
    return with(draft -> draft.label = Optional.of(newLabel));
  }

  public SandboxSpec withReadOnlyRoot(boolean on) {
    return with(draft -> draft.readOnlyRoot = on);
  }

  private SandboxSpec with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.spec(root);
  }

  /** All but the root, open to one change. */
  private static final class Draft {
    private List<MountPoint> mounts;
    private List<SandboxFile> files;
    private List<DeviceNode> devices;
    private Command command;
    private String hostname;
    private Network network;
    private NameService names;
    private Limits limits;
    private Walls walls;
    private Optional<IdMappings> userNamespace;
    private Optional<ClockOffsets> clock;
    private boolean readOnlyRoot;
    private Optional<SandboxLabel> label;

    Draft(SandboxSpec from) {
      mounts = from.mounts;
      files = from.files;
      devices = from.devices;
      command = from.command;
      hostname = from.hostname;
      network = from.network;
      names = from.names;
      limits = from.limits;
      walls = from.walls;
      userNamespace = from.userNamespace;
      clock = from.clock;
      readOnlyRoot = from.readOnlyRoot;
      label = from.label;
    }

    SandboxSpec spec(Mount root) {
      return new SandboxSpec(
          root,
          mounts,
          files,
          devices,
          command,
          hostname,
          network,
          names,
          limits,
          walls,
          userNamespace,
          clock,
          readOnlyRoot,
          label);
    }
  }
}
