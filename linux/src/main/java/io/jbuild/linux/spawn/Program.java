package io.jbuild.linux.spawn;

import io.jbuild.linux.Printable;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Argument.Strings;
import java.util.ArrayList;
import java.util.List;

/**
 * What a child does between clone and exec: system calls in order, each with what may go wrong.
 *
 * <p>The child runs in its parent's memory, on its parent's stack, with every signal blocked. It
 * ends in the first {@code execve} that succeeds; a step whose error is not tolerated ends it at
 * once.
 */
public final class Program {
  private final List<Step> steps;

  private Program(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  public static Builder builder() {
    return new Builder();
  }

  List<Step> steps() {
    return steps;
  }

  /** Collects steps; each method returns what a later step can refer to. */
  public static final class Builder {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;

    private final List<Step> steps = new ArrayList<>();

    /** A call whose error ends the child. */
    public ResultOf call(String description, Syscall call, Argument... arguments) {
      return call(description, OnError.FAIL, call, arguments);
    }

    public ResultOf call(String description, OnError onError, Syscall call, Argument... arguments) {
      for (Argument argument : arguments) {
        if (argument instanceof ResultOf earlier && earlier.step() >= steps.size()) {
          throw new IllegalArgumentException(description + ": refers to a later step");
        }
      }
      steps.add(new Step(description, call, List.of(arguments), onError));
      return new ResultOf(steps.size() - 1);
    }

    /** Ends the child with {@code errno} unless {@code (value & mask) == expected}. */
    public void check(String description, Argument value, long mask, long expected, int errno) {
      steps.add(
          new Step(
              description,
              null,
              List.of(
                  value, Argument.number(mask), Argument.number(expected), Argument.number(errno)),
              OnError.FAIL));
    }

    /** Tries each path in turn, as execvp does: one that is missing or refused is passed over. */
    public Program exec(List<byte[]> paths, List<byte[]> argv, List<byte[]> environment) {
      Strings arguments = new Strings(argv);
      Strings variables = new Strings(environment);
      for (byte[] path : paths) {
        Buffer file = Argument.text(path);
        call(
            "exec \"" + Printable.of(path) + "\"",
            OnError.tolerate(ENOENT, EACCES, ENOTDIR),
            Syscall.EXECVE,
            file,
            arguments,
            variables);
      }
      call("exit", Syscall.EXIT_GROUP, Argument.number(127));
      return new Program(steps);
    }
  }
}
