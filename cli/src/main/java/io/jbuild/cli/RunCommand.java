package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.PullPolicy;
import io.jbuild.builder.RunRequest;
import io.jbuild.builder.TransferListener;
import io.jbuild.isolation.ClockOffsets;
import io.jbuild.isolation.running.SandboxLabel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "run",
    description = "Run a command in a throw-away copy of an image.",
    footer = {"", "The exit code is the command's own, or 128 + the signal that ended it."})
final class RunCommand extends CommandBase implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IMAGE", description = "Name or ID of an image.")
  String image = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "Replaces the image's CMD.")
  List<String> command = List.of();

  @Option(
      names = "--entrypoint",
      paramLabel = "PROGRAM",
      description = "Replaces the image's ENTRYPOINT; empty for none.")
  @Nullable String entrypoint;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = "An environment variable; without '=' the value that it has here.")
  List<String> environment = List.of();

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description = "Environment variables, a line each: NAME=VALUE, or NAME; # begins a comment.")
  List<Path> environmentFiles = List.of();

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description = "Working directory.")
  @Nullable String workdir;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER[:GROUP]",
      description = "User, by name or number.")
  @Nullable String user;

  @Option(names = "--hostname", paramLabel = "NAME", description = "Host name inside.")
  @Nullable String hostname;

  @Option(
      names = "--network",
      paramLabel = "MODE",
      defaultValue = "default",
      description =
          "none (default): a loopback of its own; private: an address of its own and the way out;"
              + " host: the network of this machine.")
  String network = "default";

  @Option(names = "--add-host", paramLabel = "NAME:ADDRESS", description = "A line for /etc/hosts.")
  List<String> addHosts = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What it is called in 'jbuild ps' and 'jbuild ns' while it runs.")
  @Nullable String name;

  @Option(
      names = "--monotonic",
      paramLabel = "SECONDS",
      description = "How far its monotonic clock is ahead of this machine's: a time namespace.")
  @Nullable Long monotonic;

  @Option(
      names = "--boottime",
      paramLabel = "SECONDS",
      description = "How far its time since boot is ahead of this machine's: a time namespace.")
  @Nullable Long boottime;

  @Mixin NetworkOptions networkOptions = new NetworkOptions();

  @Mixin LimitOptions limits = new LimitOptions();

  @Mixin RungOption rung = new RungOption();

  @Mixin IsolationOptions isolation = new IsolationOptions();

  @Mixin SecurityFlags security = new SecurityFlags();

  @Option(
      names = "--privileged",
      description = "No wall but the namespaces: all capabilities, devices and system calls.")
  boolean privileged;

  @Option(names = "--read-only", description = "No writable layer over the image.")
  boolean readOnly;

  @Option(
      names = {"-i", "--interactive"},
      hidden = true,
      description = "Accepted: standard input always reaches the command.")
  boolean interactive;

  @Option(
      names = {"--rm"},
      hidden = true,
      description = "Accepted: what the command writes is always thrown away.")
  boolean remove;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Of the platforms under a name, this one (default: this machine's).")
  @Nullable String platform;

  RunCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    EngineSettings settings = isolation.in(global().settings());
    rung.check(settings);
    RunRequest request =
        new RunRequest(
            image,
            PlatformOption.optional(platform),
            command,
            Optional.ofNullable(entrypoint).map(each -> each.isEmpty() ? List.of() : List.of(each)),
            environment(),
            Optional.ofNullable(workdir),
            Optional.ofNullable(user),
            Optional.ofNullable(hostname),
            Networks.parse(network),
            limits.limits(),
            security.options(privileged),
            addHosts.stream().map(Values::host).toList(),
            networkOptions.settings(),
            true,
            readOnly,
            PullPolicy.MISSING,
            name(),
            clock());
    try (Interrupts interrupts = Interrupts.watch();
        Engine engine = open(settings)) {
      return interrupts.run(() -> engine.run(request, TransferListener.none()));
    }
  }

  private Optional<String> name() {
    if (name != null && !SandboxLabel.isName(name)) {
      throw new TypeConversionException(
          "--name is letters, digits and '_.-', with a letter or a digit in front, not '"
              + name
              + "'");
    }
    return Optional.ofNullable(name);
  }

  private Optional<ClockOffsets> clock() {
    return monotonic == null && boottime == null
        ? Optional.empty()
        : Optional.of(
            ClockOffsets.of(monotonic == null ? 0 : monotonic, boottime == null ? 0 : boottime));
  }

  /** The files first, so that {@code --env} has the last word. */
  private SortedMap<String, String> environment() throws IOException {
    SortedMap<String, String> variables = new TreeMap<>();
    for (Path file : environmentFiles) {
      variables.putAll(Values.pairsOrEnvironment(EnvironmentFile.read(file), System.getenv()));
    }
    variables.putAll(Values.pairsOrEnvironment(environment, System.getenv()));
    return variables;
  }
}
