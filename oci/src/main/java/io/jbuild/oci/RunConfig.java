package io.jbuild.oci;

import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a container of the image runs: the {@code config} object of an image config, OCI's fields and
 * Docker's. Empty means absent, as Docker has it: an empty entrypoint is no entrypoint.
 *
 * @param env {@code NAME=value}, in the order in which they were set
 * @param argsEscaped for Windows: the first argument is a whole command line
 */
public record RunConfig(
    String user,
    SortedSet<String> exposedPorts,
    List<String> env,
    List<String> entrypoint,
    List<String> cmd,
    SortedSet<String> volumes,
    String workingDir,
    SortedMap<String, String> labels,
    String stopSignal,
    boolean argsEscaped,
    Optional<Healthcheck> healthcheck,
    List<String> onBuild,
    List<String> shell) {

  /** Nothing set. */
  public static final RunConfig EMPTY =
      new RunConfig(
          "",
          new TreeSet<>(),
          List.of(),
          List.of(),
          List.of(),
          new TreeSet<>(),
          "",
          new TreeMap<>(),
          "",
          false,
          Optional.empty(),
          List.of(),
          List.of());

  private static final List<String> FIELDS =
      List.of(
          "User",
          "ExposedPorts",
          "Env",
          "Entrypoint",
          "Cmd",
          "Volumes",
          "WorkingDir",
          "Labels",
          "StopSignal",
          "ArgsEscaped",
          "Healthcheck",
          "OnBuild",
          "Shell");

  public RunConfig {
    exposedPorts = Collections.unmodifiableSortedSet(new TreeSet<>(exposedPorts));
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    cmd = List.copyOf(cmd);
    volumes = Collections.unmodifiableSortedSet(new TreeSet<>(volumes));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    onBuild = List.copyOf(onBuild);
    shell = List.copyOf(shell);
  }

  /** This with changes: {@code config.edit().user("app").cmd(List.of("run")).build()}. */
  public RunConfigEditor edit() {
    return new RunConfigEditor(this);
  }

  static RunConfig fromJson(JsonObject json) throws MalformedException {
    json.refuseLookalikes(FIELDS);
    RunConfig config =
        new RunConfig(
            json.stringOrEmpty("User"),
            keys(json, "ExposedPorts"),
            json.list("Env", variable -> checkVariable(variable.asString())),
            json.strings("Entrypoint"),
            json.strings("Cmd"),
            keys(json, "Volumes"),
            json.stringOrEmpty("WorkingDir"),
            json.stringMap("Labels"),
            json.stringOrEmpty("StopSignal"),
            json.flag("ArgsEscaped"),
            json.optional("Healthcheck", value -> Healthcheck.fromJson(value.asObject())),
            json.strings("OnBuild"),
            json.strings("Shell"));
    config.refuseNul();
    return config;
  }

  private static SortedSet<String> keys(JsonObject json, String name) throws MalformedException {
    return new TreeSet<>(json.optionalObject(name).orElse(JsonObject.EMPTY).fields().keySet());
  }

  /** A bare name would be filled from the builder's own environment by some (CVE-2026-57231). */
  private static String checkVariable(String variable) throws MalformedException {
    if (variable.indexOf('=') <= 0) {
      throw new MalformedException(Printable.quote(variable) + " is not NAME=value");
    }
    return variable;
  }

  /** The kernel ends a string at NUL: what was checked would not be what is used. */
  private void refuseNul() throws MalformedException {
    refuseNul("User", List.of(user));
    refuseNul("Env", env);
    refuseNul("Entrypoint", entrypoint);
    refuseNul("Cmd", cmd);
    refuseNul("Volumes", volumes);
    refuseNul("WorkingDir", List.of(workingDir));
    refuseNul("Shell", shell);
  }

  private static void refuseNul(String name, Collection<String> values) throws MalformedException {
    for (String value : values) {
      if (value.indexOf('\0') >= 0) {
        throw new MalformedException("field \"" + name + "\": a NUL in " + Printable.quote(value));
      }
    }
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .putIfAny("User", user)
        .putIfAny("ExposedPorts", emptyObjects(exposedPorts))
        .putIfAny("Env", env)
        .putIfAny("Entrypoint", entrypoint)
        .putIfAny("Cmd", cmd)
        .putIfAny("Volumes", emptyObjects(volumes))
        .putIfAny("WorkingDir", workingDir)
        .putIfAny("Labels", labels)
        .putIfAny("StopSignal", stopSignal)
        .putIfAny("ArgsEscaped", argsEscaped)
        .putIfAny("Healthcheck", healthcheck.map(Healthcheck::toJson))
        .putIfAny("OnBuild", onBuild)
        .putIfAny("Shell", shell)
        .build();
  }

  /** A set in Go's JSON: {@code {"80/tcp":{}}}. */
  private static Optional<JsonObject> emptyObjects(SortedSet<String> names) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    JsonObject.Builder builder = JsonObject.builder();
    names.forEach(name -> builder.put(name, JsonObject.EMPTY));
    return Optional.of(builder.build());
  }
}
