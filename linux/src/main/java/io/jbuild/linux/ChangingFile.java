package io.jbuild.linux;

import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A small file of the kernel's that tells by poll(2) when its content has changed, such as a
 * control group's {@code cgroup.events}. What changes between {@link #read} and {@link
 * #awaitChange} is not missed.
 */
public final class ChangingFile implements Closeable {
  private static final int LONGEST = 4096;

  private final Fd fd;

  private ChangingFile(Fd fd) {
    this.fd = fd;
  }

  public static ChangingFile open(Path path) throws IOException {
    return new ChangingFile(Opening.path(PathBytes.of(path), OpenFlags.CLOEXEC, "O_RDONLY"));
  }

  /** The content as it is now. */
  public String read() throws IOException {
    Failures.check(Kernel.call(Syscall.LSEEK, fd.number(), 0, 0), Syscall.LSEEK, fd.number(), null);
    ByteBuffer content = ByteBuffer.allocate(LONGEST);
    while (FdIo.read(fd.number(), content) > 0) {
      // to the end
    }
    return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
  }

  /** Waits for a change since the last {@link #read}; false when the time is over. */
  public boolean awaitChange(Duration most) throws IOException {
    return Polling.await(fd, Polling.CHANGED, most);
  }

  @Override
  public void close() {
    fd.close();
  }
}
