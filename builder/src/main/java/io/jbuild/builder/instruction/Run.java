package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.StepLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code RUN}: runs a command and keeps what it changed.
 *
 * @param limits the flags of {@link LimitFlag}, as written
 */
public record Run(
    Origin origin,
    CommandLine command,
    List<MountFlag> mounts,
    Network network,
    Security security,
    List<Device> devices,
    List<Flag> limits)
    implements Instruction {
  public Run {
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    limits = List.copyOf(limits);
  }

  /** {@code --network}. */
  public enum Network {
    DEFAULT,
    NONE,
    HOST,
    PRIVATE
  }

  /** {@code --security}. */
  public enum Security {
    SANDBOX,
    INSECURE
  }

  /** {@code --device}: a CDI name. */
  public record Device(String name, boolean required) {}

  @Override
  public Keyword keyword() {
    return Keyword.RUN;
  }

  /** The mounts with variables replaced, in the order of the flags. */
  public List<RunMount> resolveMounts(Expansion expansion) throws BuildfileException {
    List<RunMount> resolved = new ArrayList<>();
    for (MountFlag mount : mounts) {
      resolved.add(mount.resolve(expansion, origin));
    }
    return resolved;
  }

  /** The limits with variables replaced. */
  public StepLimits resolveLimits(Expansion expansion) throws BuildfileException {
    return new LimitReader(limits, new Expander(expansion, origin)).read();
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
