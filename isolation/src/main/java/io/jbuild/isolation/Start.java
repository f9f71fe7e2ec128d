package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.GroupLimits;
import io.jbuild.linux.Closing;
import java.io.IOException;
import java.util.Optional;

/** One start of one sandbox, by whatever mechanism: what it opens is closed when it should be. */
abstract class Start {
  final SandboxSpec spec;
  final Stdio io;

  /** Closed with the sandbox. */
  final Closing kept = new Closing();

  /** Closed as soon as the child has its own copies, or has failed. */
  final Closing forChild = new Closing();

  Start(SandboxSpec spec, Stdio io) {
    this.spec = spec;
    this.io = io;
  }

  final Sandbox start() throws IOException {
    try {
      Sandbox sandbox = startOpened();
      forChild.close();
      return sandbox;
    } catch (IOException | RuntimeException | Error e) {
      forChild.closeAfter(e);
      kept.closeAfter(e);
      throw e;
    }
  }

  abstract Sandbox startOpened() throws IOException;

  /**
   * What the group may use.
   *
   * @param anyDevice whether the group keeps no device from the sandbox
   */
  final GroupLimits groupLimits(boolean anyDevice) {
    Limits limits = spec.limits();
    return new GroupLimits(
        limits.memory(),
        limits.cpu(),
        limits.processes(),
        limits.pids().isPresent(),
        limits.io(),
        anyDevice,
        spec.devices().stream().map(DeviceNode::rule).flatMap(Optional::stream).toList());
  }
}
