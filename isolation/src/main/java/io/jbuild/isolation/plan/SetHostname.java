package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Syscall;
import java.nio.charset.StandardCharsets;

/** Names the machine that the sandbox sees. */
public record SetHostname(String name) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    String what = "set the host name \"" + name + "\"";
    out.calls().call(what, Syscall.SETHOSTNAME, new Buffer(bytes), number(bytes.length));
  }
}
