package io.jbuild.linux.spawn;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Printable;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Argument.Strings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a child does between clone and exec: system calls in order, each with what may go wrong.
 *
 * <p>The child runs in its parent's memory, on its parent's stack, with every signal blocked. It
 * ends in the first {@code execve} that succeeds; a step whose error is not tolerated ends it at
 * once.
 */
public final class Program {
  private final List<Step> steps;
  private final @Nullable Starter starter;

  private Program(List<Step> steps, @Nullable Starter starter) {
    this.steps = List.copyOf(steps);
    this.starter = starter;
  }

  public static Builder builder() {
    return new Builder();
  }

  List<Step> steps() {
    return steps;
  }

  /** What the child becomes first; null when it becomes its command at once. */
  @Nullable Starter starter() {
    return starter;
  }

  /** Collects steps; each method returns what a later step can refer to. */
  public static final class Builder {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int AT_EMPTY_PATH = 0x1000;

    /** The descriptors that the starter knows. */
    private static final int ANSWER = 3;

    private static final int PROC = 4;

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
              List.of(value, number(mask), number(expected), number(errno)),
              OnError.FAIL));
    }

    /** Ends the child when all of it is done: a program that only tries, {@link Spawn#attempt}. */
    public Program end() {
      call("end", Syscall.EXIT_GROUP, number(0));
      return new Program(steps, null);
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
      call("exit", Syscall.EXIT_GROUP, number(127));
      return new Program(steps, null);
    }

    /**
     * As {@link #exec(List, List, List)}, by way of a starter. All descriptors but the standard
     * three have to be closed by now, or on exec.
     *
     * @param starter stays the caller's, until the child has started
     */
    public Program exec(
        Starter starter,
        Optional<ExecLabel> label,
        List<byte[]> paths,
        List<byte[]> argv,
        List<byte[]> environment) {
      List<byte[]> all = new ArrayList<>(List.of(Starter.NAME));
      all.add(utf8(label.map(ExecLabel::file).orElse("-")));
      all.add(utf8(label.map(ExecLabel::text).orElse("-")));
      paths.stream().filter(path -> path.length > 0).forEach(all::add);
      all.add(new byte[0]);
      all.addAll(argv);
      Optional<ResultOf> proc = label.map(each -> copy(each.proc()));
      String what = "lead a descriptor to the starter";
      call(what, Syscall.DUP3, number(starter.answer()), number(ANSWER), number(0));
      proc.ifPresent(fd -> call(what, Syscall.DUP3, fd, number(PROC), number(0)));
      call(
          "execute the starter",
          Syscall.EXECVEAT,
          number(starter.program()),
          Argument.text(""),
          new Strings(all),
          new Strings(environment),
          number(AT_EMPTY_PATH));
      call("exit", Syscall.EXIT_GROUP, number(127));
      return new Program(steps, starter);
    }

    /** It may lie where another has to be; those of the starter do not. */
    private ResultOf copy(Argument fd) {
      String what = "copy a descriptor for the starter";
      return call(what, Syscall.FCNTL, fd, number(F_DUPFD_CLOEXEC), number(PROC + 1));
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
