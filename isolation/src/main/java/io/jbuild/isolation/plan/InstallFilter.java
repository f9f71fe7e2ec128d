package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Installs a seccomp filter; needs CAP_SYS_ADMIN or no_new_privs.
 *
 * @param filter struct sock_filter, eight bytes each, in native order
 */
@SuppressWarnings("ArrayRecordComponent") // generated once, shared, never written
public record InstallFilter(byte[] filter) implements SetupStep {
  private static final int SET_MODE_FILTER = 1;
  private static final int INSTRUCTION = 8;

  @Override
  public void compile(Assembly out) {
    ByteBuffer program = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    program.putShort((short) (filter.length / INSTRUCTION));
    Argument header = new Argument.Pointing(new Buffer(program.array()), 8, new Buffer(filter));
    out.calls()
        .call(
            "install the system call filter",
            Syscall.SECCOMP,
            number(SET_MODE_FILTER),
            number(0),
            header);
  }
}
