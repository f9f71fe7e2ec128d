package io.jbuild.isolation.plan;

import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.nio.charset.StandardCharsets;

/**
 * Sets a kernel parameter of the new namespaces, through the /proc that the child has just mounted.
 *
 * @param path below /proc/sys; passed over where the kernel has no such parameter
 */
public record SetSysctl(String path, String value) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "set " + path + " to \"" + value + "\"";
    OnError absent = OnError.tolerate(Errno.ENOENT.number());
    ResultOf file = out.open(what, absent, out.proc(), "sys/" + path, Assembly.O_WRONLY);
    OnError notOpen = OnError.tolerate(Errno.EBADF.number());
    out.write(what, notOpen, file, value.getBytes(StandardCharsets.US_ASCII));
  }
}
