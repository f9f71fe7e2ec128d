package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Fd;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Syscall;

/** Input from the sandbox's own /dev/null, output to descriptors of the parent. */
public record StandardStreams(Fd out, Fd error) implements SetupStep {
  @Override
  public void compile(Assembly assembly) {
    String what = "open \"/dev/null\" as input";
    ResultOf nothing = assembly.open(what, assembly.dev(), "null", Assembly.O_RDWR);
    // output first: the pipes may have got a low number, which input would overwrite
    assembly.calls().call("lead output", Syscall.DUP3, number(out.number()), number(1), number(0));
    assembly
        .calls()
        .call("lead error output", Syscall.DUP3, number(error.number()), number(2), number(0));
    assembly.calls().call(what, Syscall.DUP3, nothing, number(0), number(0));
  }
}
