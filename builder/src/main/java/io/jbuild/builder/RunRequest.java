package io.jbuild.builder;

import io.jbuild.builder.value.ResourceLimits;
import io.jbuild.isolation.ClockOffsets;
import io.jbuild.oci.Platform;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One command in a throw-away copy of an image's root.
 *
 * @param image a name, a tag, or the beginning of an image ID
 * @param platform which image of an index; empty is this machine's, or else the first
 * @param command replaces the image's CMD; empty keeps it
 * @param entrypoint replaces the image's ENTRYPOINT, and drops its CMD
 * @param environment set over the image's own
 * @param settings what is said of the network beside its kind
 * @param interactive whether standard input reaches the command; else it reads an empty one
 * @param readOnly no writable layer over the image
 * @param name what it is called while it runs, unique then; empty is a name that nobody has
 * @param clock of a time namespace; empty is this machine's clocks
 */
public record RunRequest(
    String image,
    Optional<Platform> platform,
    List<String> command,
    Optional<List<String>> entrypoint,
    SortedMap<String, String> environment,
    Optional<String> workdir,
    Optional<String> user,
    Optional<String> hostname,
    NetworkMode network,
    ResourceLimits limits,
    SecurityOptions security,
    List<String> addHosts,
    NetworkSettings settings,
    boolean interactive,
    boolean readOnly,
    PullPolicy pull,
    Optional<String> name,
    Optional<ClockOffsets> clock) {

  public RunRequest {
    command = List.copyOf(command);
    entrypoint = entrypoint.map(List::copyOf);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    addHosts = List.copyOf(addHosts);
  }

  /** The command with every default. */
  public static RunRequest of(String image, List<String> command) {
    return new RunRequest(
        image,
        Optional.empty(),
        command,
        Optional.empty(),
        new TreeMap<>(Map.of()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        NetworkMode.DEFAULT,
        ResourceLimits.NONE,
        SecurityOptions.NONE,
        List.of(),
        NetworkSettings.NONE,
        true,
        false,
        PullPolicy.MISSING,
        Optional.empty(),
        Optional.empty());
  }
}
