package io.jbuild.isolation.cgroup;

import java.io.IOException;
import java.io.Serial;

/** A limit that names a processor, a memory node or a disk that this machine does not have. */
public final class NotOnThisMachineException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  NotOnThisMachineException(String message) {
    super(message);
  }
}
