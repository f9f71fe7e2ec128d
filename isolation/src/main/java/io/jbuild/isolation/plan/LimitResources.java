package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Sets resource limits of the process, and the umask that the command starts with. */
public record LimitResources(List<Limit> limits) implements SetupStep {
  private static final int UMASK = 022;

  /** Resources by their kernel number. */
  public enum Resource {
    CORE(4),
    NOFILE(7);

    private final int number;

    Resource(int number) {
      this.number = number;
    }
  }

  /** One limit. */
  public record Limit(Resource resource, long soft, long hard) {}

  public LimitResources {
    limits = List.copyOf(limits);
  }

  @Override
  public void compile(Assembly out) {
    for (Limit limit : limits) {
      ByteBuffer pair = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
      pair.putLong(limit.soft()).putLong(limit.hard());
      String what = "limit " + limit.resource() + " to " + limit.soft() + ":" + limit.hard();
      Buffer value = new Buffer(pair.array());
      out.calls()
          .call(
              what,
              Syscall.PRLIMIT64,
              number(0),
              number(limit.resource().number),
              value,
              number(0));
    }
    out.calls().call("set the umask", Syscall.UMASK, number(UMASK));
  }
}
