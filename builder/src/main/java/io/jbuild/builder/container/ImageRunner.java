package io.jbuild.builder.container;

import io.jbuild.builder.RunRequest;
import io.jbuild.builder.UserException;
import io.jbuild.builder.run.ForeignPrograms;
import io.jbuild.builder.run.NetworkChoice;
import io.jbuild.builder.run.SandboxRun;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.step.HostName;
import io.jbuild.builder.step.Users;
import io.jbuild.builder.store.RootTree;
import io.jbuild.builder.store.Stores;
import io.jbuild.isolation.Command;
import io.jbuild.isolation.CommandException;
import io.jbuild.isolation.ExitStatus;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.SandboxSpec;
import io.jbuild.isolation.Stdio;
import io.jbuild.isolation.UnknownAccountException;
import io.jbuild.isolation.cgroup.LimitException;
import io.jbuild.isolation.running.SandboxLabel;
import io.jbuild.layers.LayerIngest;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Mount;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.RunConfig;
import io.jbuild.overlay.Snapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code jbuild run}: a command over an image's layers; what it changes is thrown away. */
public final class ImageRunner {
  private final Stores stores;
  private final IsolationCore isolation;
  private final Consumer<String> warnings;

  public ImageRunner(Stores stores, IsolationCore isolation, Consumer<String> warnings) {
    this.stores = stores;
    this.isolation = isolation;
    this.warnings = warnings;
  }

  /** Runs it on this process's own descriptors; the answer is its exit code. */
  public int run(RunRequest request, ImageConfig image, Stdio io)
      throws IOException, UserException, InterruptedException {
    try (RootTree below = RootTree.open(stores, image.diffIds());
        LayerIngest discarded = stores.layers().begin();
        Snapshots.Active root =
            stores
                .snapshots()
                .prepare(stores.directories(image.diffIds()), discarded.fs(), discarded.work())) {
      SandboxSpec spec = spec(request, image, below, root.mount());
      return runToEnd(spec, io);
    } catch (LimitException e) {
      throw new UserException(String.valueOf(e.getMessage()), e); // what this machine does not have
    } catch (CommandException e) {
      throw ForeignPrograms.here().explain(e, image.platform()).orElseThrow(() -> e);
    }
  }

  /** An interrupt ends the command gently; it comes back to the caller when that is done. */
  private int runToEnd(SandboxSpec spec, Stdio io) throws IOException, InterruptedException {
    ExitStatus end =
        SandboxRun.run(isolation, spec, io, Optional.empty(), new Cancellation()).status();
    if (end instanceof ExitStatus.OutOfMemory) {
      warnings.accept(end.toString()); // its code alone does not tell
    }
    return end.code();
  }

  private SandboxSpec spec(RunRequest request, ImageConfig image, RootTree below, Mount root)
      throws IOException, UserException {
    RunConfig config = image.config();
    Map<String, String> env = environment(request, config);
    String userName = request.user().orElse(config.user());
    Users.Account account = account(below, userName);
    env.putIfAbsent("HOME", account.home());
    String workdir = request.workdir().orElse(config.workingDir());
    Command command =
        new Command(
            argv(request, config),
            env.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList(),
            TreePath.parse(workdir.isEmpty() ? "/" : workdir),
            account.user());
    return SandboxSpec.of(root, command)
        .withWalls(request.security().on(ForeignPrograms.here().walls(image.platform())))
        .withHostname(HostName.of(request.hostname()))
        .withNetwork(
            NetworkChoice.of(
                request.network(), NetworkChoice.OF_RUNS, request.settings(), isolation, warnings))
        .withNames(NetworkChoice.names(request.addHosts(), request.settings()))
        .withLimits(request.limits().inSandbox())
        .withReadOnlyRoot(request.readOnly())
        .withClock(request.clock())
        .withLabel(label(request));
  }

  private static SandboxLabel label(RunRequest request) {
    return request
        .name()
        .map(name -> new SandboxLabel(name, request.image()))
        .orElseGet(() -> SandboxLabel.unnamed("run", request.image()));
  }

  private static Users.Account account(RootTree below, String user)
      throws IOException, UserException {
    try {
      return Users.account(below.view(), user);
    } catch (UnknownAccountException e) {
      throw new UserException("in the image, " + e.getMessage(), e);
    }
  }

  private static Map<String, String> environment(RunRequest request, RunConfig config) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String entry : config.env()) {
      int equals = entry.indexOf('=');
      env.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    env.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.putAll(request.environment());
    return env;
  }

  private static List<String> argv(RunRequest request, RunConfig config) throws UserException {
    List<String> argv = new ArrayList<>(request.entrypoint().orElse(config.entrypoint()));
    if (!request.command().isEmpty()) {
      argv.addAll(request.command());
    } else if (request.entrypoint().isEmpty()) {
      argv.addAll(config.cmd());
    }
    if (argv.isEmpty()) {
      throw new UserException(
          "image \"" + request.image() + "\" has no command", "give one after the image's name");
    }
    return argv;
  }
}
