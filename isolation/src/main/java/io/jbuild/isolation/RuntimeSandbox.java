package io.jbuild.isolation;

import io.jbuild.linux.Errno;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A container of an OCI runtime: what is waited for is the runtime, which ends as it does. */
final class RuntimeSandbox implements Sandbox {
  private final RunningSandbox runtime;
  private final RuntimeProgram program;
  private final Command command;
  private final RuntimeLog log;

  RuntimeSandbox(RunningSandbox runtime, RuntimeProgram program, Command command, RuntimeLog log) {
    this.runtime = runtime;
    this.program = program;
    this.command = command;
    this.log = log;
  }

  /** The container's first process, or the runtime while there is none. */
  @Override
  public int pid() {
    try {
      for (String child : children(runtime.pid())) {
        if (isFirst(child)) {
          return Integer.parseInt(child);
        }
      }
    } catch (IOException e) {
      return runtime.pid(); // it ends just now
    }
    return runtime.pid();
  }

  private static List<String> children(int pid) throws IOException {
    List<String> children = new ArrayList<>();
    Path threads = Path.of("/proc", Integer.toString(pid), "task");
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(threads)) {
      for (Path task : tasks) {
        children.addAll(words(task.resolve("children")));
      }
    }
    return children;
  }

  private static List<String> words(Path file) throws IOException {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? List.of() : List.of(text.split(" +", -1));
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Whether it is number 1 of a namespace of its own, below the runtime's. */
  private static boolean isFirst(String pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
      if (line.startsWith("NSpid:")) {
        return line.endsWith("\t1");
      }
    }
    return false;
  }

  /**
   * @throws CommandException when the runtime says that the command is not there, or no program
   */
  @Override
  public ExitStatus waitFor() throws IOException, InterruptedException {
    ExitStatus status = runtime.waitFor();
    Optional<String> error = status.success() ? Optional.empty() : log.error();
    if (error.isPresent()) {
      throw failure(error.get());
    }
    return status;
  }

  /** runc and crun say the same in other words. */
  private IOException failure(String message) {
    String program = command.argv().get(0);
    IOException cause = new IOException(this.program + ": " + message);
    boolean exec = message.contains("exec") && message.contains(program);
    if (exec && (message.contains("not found") || message.contains("o such file"))) {
      return new CommandException(program, PathSearch.path(command), Errno.ENOENT, cause);
    }
    if (exec && message.contains("ermission denied")) {
      return new CommandException(program, PathSearch.path(command), Errno.EACCES, cause);
    }
    if (exec && message.contains("xec format error")) {
      return new CommandException(program, PathSearch.path(command), Errno.ENOEXEC, cause);
    }
    return cause;
  }

  @Override
  public void signal(int number) throws IOException {
    runtime.signal(number);
  }

  /** The runtime is the first process of a PID namespace that the container lies in. */
  @Override
  public void kill() throws IOException {
    runtime.kill();
  }

  @Override
  public void freeze() throws IOException {
    runtime.freeze();
  }

  @Override
  public void thaw() throws IOException {
    runtime.thaw();
  }

  @Override
  public Usage usage() throws IOException {
    return runtime.usage();
  }

  @Override
  public void close() throws IOException {
    runtime.close();
  }
}
