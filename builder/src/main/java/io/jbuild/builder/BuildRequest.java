package io.jbuild.builder;

import io.jbuild.builder.value.StepLimits;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One build, as the caller wants it. Made by {@link #builder()}.
 *
 * @param buildArgs {@code --build-arg}: name to value; SOURCE_DATE_EPOCH clamps every time in the
 *     image
 * @param target the stage to build, by name or index; empty is the last
 * @param namedContexts what stands for a name in FROM, {@code --from} and mounts
 * @param platforms what the image is for, at least one, none twice; several make an index in this
 *     order
 * @param noCacheStages stages whose steps always run
 * @param defaultNetwork what a RUN without {@code --network} gets
 * @param limits of RUN steps that name none; of memory they are the most that a step may name
 * @param security what RUN steps may do beyond the usual; not those that are insecure anyway
 * @param hostname what a RUN step calls its machine
 * @param addHosts {@code name:address} lines for /etc/hosts of RUN steps
 * @param sshSockets agent id to the socket that {@code --mount=type=ssh} forwards
 */
public record BuildRequest(
    BuildContext context,
    BuildfileInput buildfile,
    List<Reference> tags,
    SortedMap<String, String> buildArgs,
    Optional<String> target,
    SortedMap<String, ContextSource> namedContexts,
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations,
    List<Platform> platforms,
    boolean noCache,
    Set<String> noCacheStages,
    PullPolicy pull,
    SortedMap<String, SecretSource> secrets,
    SortedMap<String, Path> sshSockets,
    NetworkMode defaultNetwork,
    StepLimits limits,
    SecurityOptions security,
    Optional<String> hostname,
    List<String> addHosts,
    NetworkSettings network,
    Set<Entitlement> allowed,
    DeviceAccess devices,
    List<Output> outputs) {

  public BuildRequest {
    tags = List.copyOf(tags);
    buildArgs = sorted(buildArgs);
    namedContexts = sorted(namedContexts);
    labels = sorted(labels);
    annotations = sorted(annotations);
    platforms = List.copyOf(new LinkedHashSet<>(platforms));
    if (platforms.isEmpty()) {
      throw new IllegalArgumentException("a build for no platform");
    }
    noCacheStages = Collections.unmodifiableSet(new TreeSet<>(noCacheStages));
    secrets = sorted(secrets);
    sshSockets = sorted(sshSockets);
    addHosts = List.copyOf(addHosts);
    allowed = Set.copyOf(allowed);
    outputs = List.copyOf(outputs);
  }

  private static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** The same build of other files. */
  public BuildRequest withInputs(BuildContext newContext, BuildfileInput newBuildfile) {
    return with(newContext, newBuildfile, buildArgs, platforms);
  }

  /** The same build for one platform alone. */
  public BuildRequest forPlatform(Platform platform) {
    return with(context, buildfile, buildArgs, List.of(platform));
  }

  /** With another value of an argument. */
  public BuildRequest withBuildArg(String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(buildArgs);
    more.put(name, value);
    return with(context, buildfile, more, platforms);
  }

  private BuildRequest with(
      BuildContext newContext,
      BuildfileInput newBuildfile,
      SortedMap<String, String> newArgs,
      List<Platform> newPlatforms) {
    return new BuildRequest(
        newContext,
        newBuildfile,
        tags,
        newArgs,
        target,
        namedContexts,
        labels,
        annotations,
        newPlatforms,
        noCache,
        noCacheStages,
        pull,
        secrets,
        sshSockets,
        defaultNetwork,
        limits,
        security,
        hostname,
        addHosts,
        network,
        allowed,
        devices,
        outputs);
  }

  /** The platform of a build for one; the first of several. */
  public Platform platform() {
    return platforms.get(0);
  }

  /**
   * Whether the result is an index: of several platforms always, of one where the build argument
   * {@code BUILDKIT_MULTI_PLATFORM} asks for it.
   */
  public boolean makesIndex() {
    String asked = buildArgs.getOrDefault("BUILDKIT_MULTI_PLATFORM", "");
    return platforms.size() > 1
        || List.of("1", "t", "true").contains(asked.toLowerCase(Locale.ROOT));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects a request; every field has the default of the command line. */
  public static final class Builder {
    private BuildContext context = new BuildContext.None();
    private BuildfileInput buildfile = new BuildfileInput.Default();
    private final List<Reference> tags = new ArrayList<>();
    private final Map<String, String> buildArgs = new TreeMap<>();
    private Optional<String> target = Optional.empty();
    private final Map<String, ContextSource> namedContexts = new TreeMap<>();
    private final Map<String, String> labels = new TreeMap<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private final List<Platform> platforms = new ArrayList<>();
    private boolean noCache;
    private final Set<String> noCacheStages = new TreeSet<>();
    private PullPolicy pull = PullPolicy.MISSING;
    private final Map<String, SecretSource> secrets = new TreeMap<>();
    private final Map<String, Path> sshSockets = new TreeMap<>();
    private NetworkMode defaultNetwork = NetworkMode.DEFAULT;
    private StepLimits limits = StepLimits.NONE;
    private SecurityOptions security = SecurityOptions.NONE;
    private Optional<String> hostname = Optional.empty();
    private NetworkSettings network = NetworkSettings.NONE;
    private final List<String> addHosts = new ArrayList<>();
    private final Set<Entitlement> allowed = EnumSet.noneOf(Entitlement.class);
    private DeviceAccess devices = DeviceAccess.none();
    private final List<Output> outputs = new ArrayList<>();

    private Builder() {}

    public Builder context(Path directory) {
      context = new BuildContext.Directory(directory);
      return this;
    }

    public Builder context(BuildContext value) {
      context = value;
      return this;
    }

    public Builder buildfile(Path file) {
      buildfile = new BuildfileInput.File(file);
      return this;
    }

    public Builder buildfile(BuildfileInput input) {
      buildfile = input;
      return this;
    }

    public Builder buildfile(String name, byte[] content) {
      buildfile = new BuildfileInput.Text(name, content);
      return this;
    }

    public Builder tag(Reference tag) {
      tags.add(tag);
      return this;
    }

    public Builder buildArg(String name, String value) {
      buildArgs.put(name, value);
      return this;
    }

    public Builder target(String stage) {
      target = Optional.of(stage);
      return this;
    }

    public Builder namedContext(String name, ContextSource source) {
      namedContexts.put(name, source);
      return this;
    }

    public Builder label(String name, String value) {
      labels.put(name, value);
      return this;
    }

    public Builder annotation(String name, String value) {
      annotations.put(name, value);
      return this;
    }

    /** One more platform to build for; without any it is this machine's. */
    public Builder platform(Platform value) {
      platforms.add(value);
      return this;
    }

    public Builder noCache(boolean value) {
      noCache = value;
      return this;
    }

    public Builder noCacheStage(String stage) {
      noCacheStages.add(stage);
      return this;
    }

    public Builder pull(PullPolicy value) {
      pull = value;
      return this;
    }

    public Builder secret(String id, SecretSource source) {
      secrets.put(id, source);
      return this;
    }

    public Builder ssh(String id, Path socket) {
      sshSockets.put(id, socket);
      return this;
    }

    public Builder defaultNetwork(NetworkMode value) {
      defaultNetwork = value;
      return this;
    }

    public Builder limits(StepLimits value) {
      limits = value;
      return this;
    }

    public Builder security(SecurityOptions value) {
      security = value;
      return this;
    }

    public Builder hostname(String name) {
      hostname = Optional.of(name);
      return this;
    }

    public Builder network(NetworkSettings value) {
      network = value;
      return this;
    }

    public Builder addHost(String line) {
      addHosts.add(line);
      return this;
    }

    public Builder allow(Entitlement entitlement) {
      allowed.add(entitlement);
      return this;
    }

    public Builder devices(DeviceAccess value) {
      devices = value;
      return this;
    }

    public Builder output(Output output) {
      outputs.add(output);
      return this;
    }

    public Builder sourceDateEpoch(long seconds) {
      return buildArg("SOURCE_DATE_EPOCH", Long.toString(seconds));
    }

    public BuildRequest build() {
      return new BuildRequest(
          context,
          buildfile,
          tags,
          sorted(buildArgs),
          target,
          sorted(namedContexts),
          sorted(labels),
          sorted(annotations),
          platforms.isEmpty() ? List.of(Platform.host()) : platforms,
          noCache,
          noCacheStages,
          pull,
          sorted(secrets),
          sorted(sshSockets),
          defaultNetwork,
          limits,
          security,
          hostname,
          addHosts,
          network,
          allowed,
          devices,
          outputs);
    }
  }
}
