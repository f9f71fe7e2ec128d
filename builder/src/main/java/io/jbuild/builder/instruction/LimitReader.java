package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.LimitText;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.isolation.ProcessLimit.Resource;
import io.jbuild.isolation.cgroup.LimitException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Makes the limits of a step of RUN's flags. */
final class LimitReader {
  private final List<Flag> flags;
  private final Expander expander;
  private final Set<Resource> limited = EnumSet.noneOf(Resource.class);

  LimitReader(List<Flag> flags, Expander expander) {
    this.flags = flags;
    this.expander = expander;
  }

  /** An empty value, such as that of a variable, is as good as none. */
  StepLimits read() throws BuildfileException {
    StepLimits limits = StepLimits.NONE;
    for (Flag flag : flags) {
      String value = expander.word(flag.value().orElse(""));
      if (!value.isEmpty()) {
        limits = put(limits, flag, value);
      }
    }
    checkTogether(limits);
    return limits;
  }

  private StepLimits put(StepLimits limits, Flag flag, String value) throws BuildfileException {
    LimitFlag limit =
        LimitFlag.named(flag.name())
            .orElseThrow(() -> new IllegalStateException("no limit: --" + flag.name()));
    try {
      if (limit == LimitFlag.ULIMIT && !limited.add(LimitText.ulimit(value).resource())) {
        throw new LimitException("\"" + value + "\" is the second limit of its kind");
      }
      return limit.put(limits, value);
    } catch (LimitException e) {
      throw expander
          .origin()
          .error("--" + flag.name() + ": " + e.getMessage(), flag.range(), limit.hint())
          .at(flag.written());
    }
  }

  /** What one flag says against another; a limit of memory may still come from the command line. */
  private void checkTogether(StepLimits limits) throws BuildfileException {
    if (limits.resources().memoryBytes().isEmpty()) {
      return;
    }
    try {
      limits.resources().inSandbox();
    } catch (LimitException e) {
      Flag swap =
          flags.stream()
              .filter(flag -> flag.name().equals(LimitFlag.MEMORY_SWAP.flag()))
              .findFirst()
              .orElse(flags.get(0));
      throw expander
          .origin()
          .error(String.valueOf(e.getMessage()), swap.range())
          .at(swap.written());
    }
  }
}
