package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Errno;
import io.jbuild.linux.Fd;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;

/**
 * In a new user namespace: tells the parent to write the id maps, waits, and becomes its root.
 *
 * @param ready the writing end of a pipe that the parent reads
 * @param go the reading end of a pipe that the parent writes one byte to
 * @param ourGo the child's copy of that pipe's writing end: closed, or a dead parent would not be
 *     noticed
 */
public record WaitForIdMaps(Fd ready, Fd go, Fd ourGo) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "wait for the id maps";
    out.calls().call(what, Syscall.CLOSE, number(ourGo.number()));
    out.write(what, OnError.FAIL, number(ready.number()), new byte[] {1});
    ResultOf got =
        out.calls()
            .call(what, Syscall.READ, number(go.number()), new Buffer(new byte[8]), number(1));
    out.calls().check(what, got, -1, 1, Errno.ECHILD.number());
    out.calls()
        .call(
            "become root of the user namespace",
            Syscall.SETRESGID,
            number(0),
            number(0),
            number(0));
    out.calls()
        .call(
            "become root of the user namespace",
            Syscall.SETRESUID,
            number(0),
            number(0),
            number(0));
  }
}
