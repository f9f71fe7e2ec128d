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

  /**
   * One limit.
   *
   * @param resource its number in the kernel
   * @param words the limit as an error message says it
   */
  public record Limit(int resource, long soft, long hard, String words) {}

  public LimitResources {
    limits = List.copyOf(limits);
  }

  @Override
  public void compile(Assembly out) {
    for (Limit limit : limits) {
      ByteBuffer pair = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
      pair.putLong(limit.soft()).putLong(limit.hard());
      String what = "set the limit " + limit.words();
      Buffer value = new Buffer(pair.array());
      out.calls()
          .call(what, Syscall.PRLIMIT64, number(0), number(limit.resource()), value, number(0));
    }
    out.calls().call("set the umask", Syscall.UMASK, number(UMASK));
  }
}
