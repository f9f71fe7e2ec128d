package io.jbuild.linux.spawn;

import io.jbuild.linux.LinuxException;
import java.io.IOException;

/** A child that did not reach its exec: which step failed, and why. */
public final class SpawnException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String step;
  private final int errno;
  private final boolean exec;

  SpawnException(String step, int errno, boolean exec) {
    super(step + ": " + LinuxException.describe(errno));
    this.step = step;
    this.errno = errno;
    this.exec = exec;
  }

  SpawnException(String message) {
    super(message);
    step = message;
    errno = 0;
    exec = false;
  }

  /** What the child could not do, without the reason. */
  public String step() {
    return step;
  }

  /** 0 when the child was killed from outside. */
  public int errno() {
    return errno;
  }

  /** Whether the set-up was done and only the program could not be executed. */
  public boolean execFailed() {
    return exec;
  }
}
