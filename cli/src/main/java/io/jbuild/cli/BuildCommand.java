package io.jbuild.cli;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.Output;
import io.jbuild.builder.PullPolicy;
import io.jbuild.builder.UserException;
import io.jbuild.cli.progress.ProgressMode;
import io.jbuild.cli.progress.UsageReport;
import io.jbuild.cli.text.Terminal;
import io.jbuild.isolation.ladder.Standing;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "build",
    description = "Build an image from a Buildfile. Also as 'jbuild …' without the word build.",
    footer = {
      "",
      "The image ID is printed on standard output. Outputs: type=oci|docker|tar|local|image|registry,"
          + " see docs/cli.md."
    })
final class BuildCommand extends CommandBase implements Callable<Integer> {
  private static final String EPOCH = "SOURCE_DATE_EPOCH";

  @Parameters(
      paramLabel = "CONTEXT",
      arity = "0..1",
      description =
          "Directory, tar archive, git repository or URL of the files that COPY and ADD take"
              + " (default: .). '-' and no -f: an archive or a Buildfile from standard input; '-' and"
              + " -f: no files.")
  @Nullable String context;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description =
          "The Buildfile, its URL, or '-' for standard input (default: Buildfile, Dockerfile, Containerfile"
              + " or dockerfile in CONTEXT).")
  @Nullable String file;

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "NAME[:TAG]",
      description = "Name of the image; may be given several times.")
  List<String> tags = List.of();

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "Build this stage, by name or number, and what it needs.")
  @Nullable String target;

  @Option(
      names = "--build-arg",
      paramLabel = "NAME[=VALUE]",
      description = "Value of an ARG; without '=' the value of the environment.")
  List<String> buildArgs = List.of();

  @Option(
      names = "--build-context",
      paramLabel = "NAME=SOURCE",
      description =
          "A named context for FROM and --from: a directory, docker-image://REF, oci-layout://DIR,"
              + " target:STAGE, a git repository or a URL.")
  List<String> contexts = List.of();

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "A label of the image.")
  List<String> labels = List.of();

  @Option(
      names = "--annotation",
      paramLabel = "NAME=VALUE",
      description = "An annotation of the manifest.")
  List<String> annotations = List.of();

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH,…",
      description =
          "Platform of the image (default: this machine's); several make an index, with an image for"
              + " each.")
  List<String> platforms = List.of();

  @Option(names = "--no-cache", description = "Run every step.")
  boolean noCache;

  @Option(
      names = "--no-cache-filter",
      paramLabel = "STAGE",
      split = ",",
      description = "Run every step of these stages.")
  List<String> noCacheStages = List.of();

  @Option(
      names = "--pull",
      preprocessor = AttachedValue.ForPull.class,
      paramLabel = "POLICY",
      arity = "0..1",
      fallbackValue = "always",
      defaultValue = "missing",
      description = "Ask registries for base images: missing (default), always, never.")
  String pull = "missing";

  @Option(
      names = "--secret",
      paramLabel = "id=ID[,src=FILE|,env=VAR]",
      description = "A secret for RUN --mount=type=secret; never stored.")
  List<String> secrets = List.of();

  @Option(
      names = "--ssh",
      paramLabel = "default|ID=SOCKET",
      description = "An SSH agent for RUN --mount=type=ssh.")
  List<String> ssh = List.of();

  @Option(
      names = "--network",
      paramLabel = "MODE",
      defaultValue = "default",
      description = "Network of RUN steps that name none: host (default), none or private.")
  String network = "default";

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "Host name of RUN steps (default: jbuild).")
  @Nullable String hostname;

  @Option(
      names = "--add-host",
      paramLabel = "NAME:ADDRESS",
      description = "A line for /etc/hosts of RUN steps.")
  List<String> addHosts = List.of();

  @Option(
      names = "--allow",
      paramLabel = "RIGHT",
      description =
          "Rights that a Buildfile may ask for: network.host, security.insecure, device[=NAME].")
  List<String> allowed = List.of();

  @Option(
      names = "--cdi-spec-dir",
      paramLabel = "DIR",
      description = "Directory of files that describe devices (default: /etc/cdi, /var/run/cdi).")
  List<Path> deviceSpecs = List.of();

  @Mixin NetworkOptions networkOptions = new NetworkOptions();

  @Mixin CompatibilityOptions compatibility = new CompatibilityOptions();

  @Mixin StepOptions limits = new StepOptions();

  @Mixin RungOption rung = new RungOption();

  @Mixin IsolationOptions isolation = new IsolationOptions();

  @Mixin SecurityFlags security = new SecurityFlags();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "type=TYPE,dest=PATH",
      description = "Write the result elsewhere too, see below.")
  List<String> outputs = List.of();

  @Option(names = "--push", description = "Push every tag; the same as -o type=registry.")
  boolean push;

  @Option(names = "--iidfile", paramLabel = "FILE", description = "Write the image ID to FILE.")
  @Nullable Path iidFile;

  @Option(
      names = "--metadata-file",
      paramLabel = "FILE",
      description = "Write IDs, digests and step times to FILE as JSON.")
  @Nullable Path metadataFile;

  @Option(
      names = "--source-date-epoch",
      paramLabel = "TIME",
      converter = Values.Epoch.class,
      description =
          "Clamp the times in the image: seconds, 'context', a named context or a stage"
              + " (default: $SOURCE_DATE_EPOCH).")
  @Nullable String sourceDateEpoch;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      converter = Values.Count.class,
      description = "Steps that run at once (default: processors, at least 4).")
  @Nullable Integer jobs;

  @Option(
      names = "--progress",
      paramLabel = "MODE",
      defaultValue = "auto",
      converter = Values.Progress.class,
      description = "auto, tty, plain, rawjson or quiet.")
  ProgressMode progress = ProgressMode.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show warnings and errors only.")
  boolean quiet;

  @Option(
      names = "--usage",
      description = "Show at the end what each RUN step used: processors, memory, disks.")
  boolean usage;

  @Option(
      names = "--call",
      paramLabel = "WHAT",
      converter = Values.Call.class,
      description =
          "Instead of building: check, outline (what the target takes) or targets; ',format=json'"
              + " may follow.")
  CallOption what = CallOption.BUILD;

  @Option(names = "--check", description = "The same as --call=check.")
  boolean check;

  BuildCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    compatibility.check(warning -> console.err().println("warning: " + warning));
    CallOption called = check ? what.orCheck() : what;
    if (called.kind() != CallOption.Kind.BUILD) {
      String first =
          PlatformOption.several(platforms).stream()
              .findFirst()
              .map(Platform::toString)
              .orElse(null);
      BuildfileOptions options =
          new BuildfileOptions(context, file, target, buildArgs, contexts, first);
      return new BuildCall(this, called, options).run();
    }
    EngineSettings settings =
        isolation.in(jobs == null ? global().settings() : global().settings(jobs));
    rung.check(settings);
    BuildRequest request = request();
    BuildResult result;
    Optional<Standing> standing = Optional.empty();
    ProgressMode mode = quiet ? ProgressMode.QUIET : progress;
    UsageReport display = new UsageReport(mode.open(console.err()));
    try (Interrupts interrupts = Interrupts.watch();
        display;
        Engine engine = open(settings, display::warning)) {
      result = interrupts.run(() -> engine.build(request, display));
      if (metadataFile != null) {
        standing = Optional.of(engine.standing(networkMode()));
      }
    } finally {
      if (usage) {
        UsageTable.print(display.rows(), console.err());
      }
    }
    report(result, standing);
    return ExitCode.OK;
  }

  private void report(BuildResult result, Optional<Standing> standing) throws IOException {
    // One line for each platform, in the order asked for.
    String id =
        result.images().stream()
            .map(image -> image.id().toString())
            .collect(Collectors.joining(System.lineSeparator()));
    if (iidFile != null) {
      Files.writeString(iidFile, id);
    }
    if (metadataFile != null) {
      Files.write(metadataFile, BuildMetadata.json(result, standing.orElseThrow()));
    }
    if (!quiet) {
      for (Reference name : result.names()) {
        console.err().println("named " + name.familiar());
      }
    }
    boolean standardOutputIsTaken =
        outputs.stream()
            .flatMap(text -> OutputOption.parse(text).stream())
            .anyMatch(BuildCommand::writesStandardOutput);
    if (!standardOutputIsTaken) {
      console.out().println(id);
    }
  }

  private static boolean writesStandardOutput(Output output) {
    return (output instanceof Output.RootTar tar && tar.destination().isEmpty())
        || (output instanceof Output.DockerArchive archive && archive.destination().isEmpty())
        || (output instanceof Output.OciLayout layout && layout.destination().isEmpty());
  }

  private BuildRequest request() throws IOException, UserException {
    Map<String, String> environment = System.getenv();
    BuildRequest.Builder request = BuildRequest.builder();
    new BuildInputs(context, file).addTo(request);
    names().forEach(request::tag);
    if (target != null) {
      request.target(target);
    }
    epochOf(environment).ifPresent(value -> request.buildArg(EPOCH, value));
    Values.pairsOrEnvironment(buildArgs, environment).forEach(request::buildArg);
    if (sourceDateEpoch != null) {
      request.buildArg(EPOCH, sourceDateEpoch);
    }
    Values.contexts(contexts).forEach(request::namedContext);
    for (String each : labels) {
      Map.Entry<String, String> pair =
          Values.pair("--label", each.contains("=") ? each : each + "=");
      request.label(pair.getKey(), pair.getValue());
    }
    for (String each : annotations) {
      Map.Entry<String, String> pair = Values.pair("--annotation", each);
      request.annotation(pair.getKey(), pair.getValue());
    }
    for (String each : secrets) {
      SecretOption secret = SecretOption.parse(each, environment).present();
      request.secret(secret.id(), secret.source());
    }
    for (String each : ssh) {
      SshOption agent = SshOption.parse(each, environment);
      request.ssh(agent.id(), agent.socket());
    }
    PlatformOption.several(platforms).forEach(request::platform);
    request.noCache(noCache).pull(pullPolicy()).defaultNetwork(networkMode());
    noCacheStages.forEach(request::noCacheStage);
    if (hostname != null) {
      request.hostname(hostname);
    }
    for (String each : addHosts) {
      request.addHost(Values.host(each));
    }
    request.network(networkOptions.settings());
    AllowOption allow = AllowOption.parse(allowed);
    allow.entitlements().forEach(request::allow);
    request.devices(
        deviceSpecs.isEmpty() ? allow.devices() : allow.devices().withSpecifications(deviceSpecs));
    request.limits(limits.limits());
    request.security(security.options(false));
    parsedOutputs().forEach(request::output);
    return request.build();
  }

  /** Those of {@code --tag}, then those of the outputs. */
  private Set<Reference> names() {
    Set<Reference> names = new LinkedHashSet<>();
    for (String tag : tags) {
      names.add(reference(tag));
    }
    for (String output : outputs) {
      for (String name : OutputOption.names(output)) {
        names.add(reference(name));
      }
    }
    return names;
  }

  /** Where the result goes; what cannot work is said before the build, not after it. */
  private List<Output> parsedOutputs() {
    List<Output> parsed = new ArrayList<>();
    for (String output : outputs) {
      OutputOption.parse(output).ifPresent(parsed::add);
    }
    if (push) {
      parsed.add(new Output.Registry(LayerCompression.GZIP));
    }
    if (names().isEmpty() && parsed.stream().anyMatch(Output.Registry.class::isInstance)) {
      throw new TypeConversionException("a push needs a name: give one with --tag");
    }
    if (parsed.stream().anyMatch(BuildCommand::writesStandardOutput)
        && Terminal.is(Terminal.OUTPUT)) {
      throw new TypeConversionException(
          "--output: an archive is nothing for a terminal; give dest=FILE, or redirect");
    }
    return parsed;
  }

  private static Optional<String> epochOf(Map<String, String> environment) {
    String value = environment.getOrDefault(EPOCH, "");
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(Values.epoch(value));
    } catch (TypeConversionException e) {
      throw new TypeConversionException(EPOCH + " of the environment: " + e.getMessage());
    }
  }

  private PullPolicy pullPolicy() {
    switch (pull.toLowerCase(Locale.ROOT)) {
      case "always":
      case "true":
        return PullPolicy.ALWAYS;
      case "never":
        return PullPolicy.NEVER;
      case "missing":
      case "false":
        return PullPolicy.MISSING;
      default:
        throw new TypeConversionException("--pull is missing, always or never, not '" + pull + "'");
    }
  }

  private NetworkMode networkMode() {
    return Networks.parse(network);
  }

  static Reference reference(String text) {
    try {
      return Reference.parse(text);
    } catch (MalformedException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
