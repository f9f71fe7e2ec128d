package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.ControlGroups;
import io.jbuild.isolation.cgroup.Controls;
import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.isolation.running.RunningSandboxes;
import io.jbuild.linux.Errno;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.spawn.SpawnException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes sandboxes. One per process is enough; any number of processes may share a runtime
 * directory.
 */
public final class IsolationCore implements Closeable {
  private static final String PRIVATE = "rwx------";

  private final Places places;
  private final ControlGroups groups;
  private final PrivateNetworks networks = new PrivateNetworks();
  private final PidFd self;
  private final Mechanism mechanism;
  private @Nullable RuntimeProgram runtime;
  private @Nullable Strays strays;

  /** Where a child attaches mounts, in its own mount namespace, before it enters its root. */
  record Places(Path root, Path files) {}

  private IsolationCore(Places places, ControlGroups groups, PidFd self, Mechanism mechanism) {
    this.places = places;
    this.groups = groups;
    this.self = self;
    this.mechanism = mechanism;
  }

  /** By namespaces and control groups of jbuild's own making. */
  public static IsolationCore open(Path runtimeDirectory) throws IOException {
    return open(runtimeDirectory, Mechanism.namespaces());
  }

  /**
   * @param runtimeDirectory a private directory for locks and mount points, made if missing; best
   *     on a tmpfs such as /run
   */
  public static IsolationCore open(Path runtimeDirectory, Mechanism mechanism) throws IOException {
    Path runtime = runtimeDirectory.toAbsolutePath();
    Places places = new Places(runtime.resolve("root"), runtime.resolve("files"));
    for (Path directory : List.of(runtime, places.root(), places.files())) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    }
    PidFd self = PidFd.open((int) ProcessHandle.current().pid());
    try {
      return new IsolationCore(
          places, ControlGroups.open(runtime.resolve("owners")), self, mechanism);
    } catch (IOException e) {
      self.close();
      throw e;
    }
  }

  /**
   * Returns when the command has been executed; an error before that leaves nothing behind. By an
   * OCI runtime it may return earlier, and the error comes from {@link Sandbox#waitFor}.
   *
   * @throws CommandException when everything was ready and the command is not there, or no program
   */
  public Sandbox start(SandboxSpec spec, Stdio io) throws IOException {
    try {
      if (mechanism instanceof Mechanism.OciRuntime wanted) {
        return new RuntimeStart(spec, io, probed(wanted), places, groups, networks, self).start();
      }
      if (mechanism instanceof Mechanism.Chroot) {
        return new ChrootStart(spec, io, groups, self, strays()).start();
      }
      return new SandboxStart(spec, io, places, groups, networks, self).start();
    } catch (SpawnException e) {
      throw e.execFailed() ? commandFailure(spec.command(), e) : e;
    }
  }

  private synchronized Strays strays() throws IOException {
    Strays known = strays;
    if (known == null) {
      known = Strays.adopt();
      strays = known;
    }
    return known;
  }

  private synchronized RuntimeProgram probed(Mechanism.OciRuntime wanted) throws IOException {
    RuntimeProgram known = runtime;
    if (known == null) {
      known = RuntimeProgram.probe(wanted);
      runtime = known;
    }
    return known;
  }

  /** By what means its sandboxes are made. */
  public Mechanism mechanism() {
    return mechanism;
  }

  private static CommandException commandFailure(Command command, SpawnException e) {
    String path = PathSearch.path(command);
    return new CommandException(command.argv().get(0), path, Errno.of(e.errno()), e);
  }

  /** What control groups can do for sandboxes here, and what is missing, with the reasons. */
  public Controls controls() throws IOException {
    return groups.controls();
  }

  /** What runs in the runtime directory, of this process and of others. */
  public RunningSandboxes running() {
    return RunningSandboxes.at(places.root().resolveSibling(RunningSandboxes.DIRECTORY));
  }

  /** What this machine can do for a private network; found out at the first call. */
  public PrivateNetworks privateNetworks() {
    return networks;
  }

  /** Removes what processes that are dead by now have left; returns how many owners were dead. */
  public int sweep() throws IOException {
    running().sweep();
    return groups.sweep();
  }

  /** Gives the runtime directory back. All sandboxes have to be closed before. */
  @Override
  public void close() throws IOException {
    groups.close();
    networks.close();
    self.close();
  }
}
