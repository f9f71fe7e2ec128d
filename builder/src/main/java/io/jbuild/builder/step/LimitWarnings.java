package io.jbuild.builder.step;

import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.value.ResourceLimits;
import io.jbuild.isolation.Limits;
import io.jbuild.isolation.cgroup.MemoryLimit;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What is told about the limits of a step that did not stop it. */
final class LimitWarnings {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private final Origin origin;
  private final Consumer<String> warnings;

  LimitWarnings(Origin origin, Consumer<String> warnings) {
    this.origin = origin;
    this.warnings = warnings;
  }

  /** The instruction asks for more memory than whoever started the build allows to any step. */
  void ofCap(ResourceLimits own, ResourceLimits build) {
    ResourceLimits holds = own.over(build);
    cap("--memory", own.memoryBytes(), holds.memoryBytes());
    cap("--memory-swap", own.memoryAndSwap(), holds.memoryAndSwap());
  }

  private void cap(String flag, OptionalLong own, OptionalLong holds) {
    if (own.isPresent() && !own.equals(holds)) {
      String asked = own.getAsLong() == MemoryLimit.UNLIMITED ? "no limit" : size(own.getAsLong());
      tell(flag + " of the step asks for " + asked + ", the build allows " + size(holds.orElse(0)));
    }
  }

  /** The kernel killed a process of the step for memory, and the step ended well all the same. */
  void ofMemory(long kills, Limits limits) {
    if (kills > 0) {
      String limit =
          limits.memoryBytes().isPresent()
              ? "its limit is " + size(limits.memoryBytes().getAsLong())
              : "the limit is not its own";
      String processes = kills == 1 ? "a process" : kills + " processes";
      tell(
          "the step succeeded, but the kernel killed "
              + processes
              + " of it: out of memory ("
              + limit
              + ")");
    }
  }

  private static String size(long bytes) {
    if (bytes % MIB == 0) {
      return bytes / MIB + " MiB";
    }
    return bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
  }

  private void tell(String what) {
    warnings.accept(origin.source().name() + ":" + origin.range().startLine() + ": " + what);
  }
}
