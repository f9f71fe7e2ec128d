package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.nio.charset.StandardCharsets;

/**
 * Takes a time namespace, entered at exec, whose clocks since boot start near zero.
 *
 * @param secondsSinceBoot what they show now outside
 */
public record OwnClock(long secondsSinceBoot) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "take a time namespace";
    out.calls().call(what, Syscall.UNSHARE, number(Namespace.TIME.flag()));
    ResultOf file = out.open(what, out.proc(), "1/timens_offsets", Assembly.O_WRONLY);
    String offsets =
        "monotonic -" + secondsSinceBoot + " 0\nboottime -" + secondsSinceBoot + " 0\n";
    out.write(what, OnError.FAIL, file, offsets.getBytes(StandardCharsets.US_ASCII));
  }
}
