package io.jbuild.builder.run;

import io.jbuild.isolation.ExitStatus;
import io.jbuild.isolation.Usage;

/**
 * How one command in a sandbox ended.
 *
 * @param timedOut whether it was ended because it took too long, whatever it said then
 */
public record SandboxEnd(ExitStatus status, Usage usage, boolean timedOut) {
  public boolean success() {
    return status.success() && !timedOut;
  }
}
