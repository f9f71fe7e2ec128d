package io.jbuild.oci;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Changes some fields of a {@link RunConfig}. */
public final class RunConfigEditor {
  private String user;
  private SortedSet<String> exposedPorts;
  private List<String> env;
  private List<String> entrypoint;
  private List<String> cmd;
  private SortedSet<String> volumes;
  private String workingDir;
  private SortedMap<String, String> labels;
  private String stopSignal;
  private final boolean argsEscaped;
  private Optional<Healthcheck> healthcheck;
  private List<String> onBuild;
  private List<String> shell;

  RunConfigEditor(RunConfig from) {
    user = from.user();
    exposedPorts = from.exposedPorts();
    env = from.env();
    entrypoint = from.entrypoint();
    cmd = from.cmd();
    volumes = from.volumes();
    workingDir = from.workingDir();
    labels = from.labels();
    stopSignal = from.stopSignal();
    argsEscaped = from.argsEscaped();
    healthcheck = from.healthcheck();
    onBuild = from.onBuild();
    shell = from.shell();
  }

  public RunConfigEditor user(String newUser) {
    user = newUser;
    return this;
  }

  public RunConfigEditor exposedPorts(SortedSet<String> newPorts) {
    exposedPorts = newPorts;
    return this;
  }

  public RunConfigEditor env(List<String> newEnv) {
    env = newEnv;
    return this;
  }

  public RunConfigEditor entrypoint(List<String> newEntrypoint) {
    entrypoint = newEntrypoint;
    return this;
  }

  public RunConfigEditor cmd(List<String> newCmd) {
    cmd = newCmd;
    return this;
  }

  public RunConfigEditor volumes(SortedSet<String> newVolumes) {
    volumes = newVolumes;
    return this;
  }

  public RunConfigEditor workingDir(String newDir) {
    workingDir = newDir;
    return this;
  }

  public RunConfigEditor labels(SortedMap<String, String> newLabels) {
    labels = newLabels;
    return this;
  }

  public RunConfigEditor stopSignal(String newSignal) {
    stopSignal = newSignal;
    return this;
  }

  public RunConfigEditor healthcheck(Optional<Healthcheck> newHealthcheck) {
    healthcheck = newHealthcheck;
    return this;
  }

  public RunConfigEditor onBuild(List<String> newTriggers) {
    onBuild = newTriggers;
    return this;
  }

  public RunConfigEditor shell(List<String> newShell) {
    shell = newShell;
    return this;
  }

  public RunConfig build() {
    return new RunConfig(
        user,
        exposedPorts,
        env,
        entrypoint,
        cmd,
        volumes,
        workingDir,
        labels,
        stopSignal,
        argsEscaped,
        healthcheck,
        onBuild,
        shell);
  }
}
