package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.nio.charset.StandardCharsets;

/**
 * Takes a time namespace, entered at exec, with clocks of its own.
 *
 * @param monotonic seconds that CLOCK_MONOTONIC is ahead of the machine's
 * @param boottime the same of CLOCK_BOOTTIME
 */
public record OwnClock(long monotonic, long boottime) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "take a time namespace";
    out.calls().call(what, Syscall.UNSHARE, number(Namespace.TIME.flag()));
    ResultOf file = out.open(what, out.proc(), "1/timens_offsets", Assembly.O_WRONLY);
    String offsets = "monotonic " + monotonic + " 0\nboottime " + boottime + " 0\n";
    String set = "set the clocks ahead by " + monotonic + " s and " + boottime + " s";
    out.write(set, OnError.FAIL, file, offsets.getBytes(StandardCharsets.US_ASCII));
  }
}
