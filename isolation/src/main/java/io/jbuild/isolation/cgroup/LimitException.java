package io.jbuild.isolation.cgroup;

import java.io.Serial;

/**
 * A limit that cannot be: a value out of range, or two that contradict each other. The message says
 * which and what would do, without the name of a flag: {@code "memory of 1024 bytes is too little:
 * the least is 6 MiB"}.
 */
public final class LimitException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  public LimitException(String message) {
    super(message);
  }
}
