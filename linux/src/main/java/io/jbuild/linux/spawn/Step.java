package io.jbuild.linux.spawn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a program: a system call, or a check when {@code call} is null.
 *
 * @param description what the step does, in words that an error message can start with
 */
record Step(String description, @Nullable Syscall call, List<Argument> arguments, OnError onError) {
  /** Size of a step in memory; the native function adds it to its program pointer. */
  static final int BYTES = 80;

  static final int ARGUMENTS = 6;

  /** Offset of the result in a step, which other steps may refer to. */
  static final int RESULT = 72;

  Step {
    arguments = List.copyOf(arguments);
    if (arguments.size() > ARGUMENTS) {
      throw new IllegalArgumentException(description + ": more than six arguments");
    }
  }

  boolean isExit() {
    return call == Syscall.EXIT_GROUP;
  }

  boolean isExec() {
    return call == Syscall.EXECVE || call == Syscall.EXECVEAT;
  }
}
