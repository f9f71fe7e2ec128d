package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Scratch;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;

/** A pipe, both ends close-on-exec. */
public record Pipe(Fd readEnd, Fd writeEnd) implements Closeable {
  /** pipe2(2). */
  public static Pipe open() throws LinuxException {
    Scratch scratch = Scratch.get();
    long result = Kernel.call(Syscall.PIPE2, scratch.dataAddress(), OpenFlags.CLOEXEC);
    if (result < 0) {
      throw new LinuxException("pipe2 (O_CLOEXEC)", (int) -result);
    }
    int read = scratch.data().getInt(0);
    int write = scratch.data().getInt(4);
    return new Pipe(Fd.owning(read), Fd.owning(write));
  }

  /** Closes both ends, as far as they are open still. */
  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
