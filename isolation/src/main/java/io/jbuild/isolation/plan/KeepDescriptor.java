package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Fd;
import io.jbuild.linux.spawn.Syscall;

/**
 * Leaves the command a descriptor beyond the standard three, under a number of its own. After
 * everything that uses descriptors of the parent, one of which may have that number.
 */
public record KeepDescriptor(Fd descriptor, int as) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    out.calls()
        .call(
            "keep a descriptor", Syscall.DUP3, number(descriptor.number()), number(as), number(0));
  }
}
