package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.util.Set;

/** Takes everything but these capabilities out of the bounding set, for good. */
public record DropCapabilities(Set<Capability> kept) implements SetupStep {
  private static final int CAPBSET_DROP = 24;
  private static final int CAP_AMBIENT = 47;
  private static final int CLEAR_ALL = 4;

  /** As many as the kernel may ever number. */
  private static final int ALL = 64;

  @Override
  public void compile(Assembly out) {
    long bits = Capability.bits(kept);
    OnError unknown = OnError.tolerate(Errno.EINVAL.number());
    for (int number = 0; number < ALL; number++) {
      if ((bits >>> number & 1) == 0) {
        String what = "drop capability " + number;
        out.calls().call(what, unknown, Syscall.PRCTL, number(CAPBSET_DROP), number(number));
      }
    }
    out.calls()
        .call(
            "clear the ambient capabilities",
            unknown,
            Syscall.PRCTL,
            number(CAP_AMBIENT),
            number(CLEAR_ALL),
            number(0),
            number(0),
            number(0));
  }
}
