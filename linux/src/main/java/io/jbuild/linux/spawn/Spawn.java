package io.jbuild.linux.spawn;

import com.kenai.jffi.MemoryIO;
import io.jbuild.linux.Errno;
import io.jbuild.linux.syscall.Arch;
import io.jbuild.linux.syscall.Kernel;
import io.jbuild.linux.syscall.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One start of one child. The thread that calls {@link #run} must live as long as the child does
 * where the program sets a parent-death signal: that signal fires when the cloning <em>thread</em>
 * ends.
 */
public final class Spawn implements Closeable {
  private static final long CLONE_VM = 0x100;
  private static final long CLONE_VFORK = 0x4000;
  private static final long CLONE_PIDFD = 0x1000;
  private static final long CLONE_PARENT_SETTID = 0x100000;
  private static final long CLONE_CLEAR_SIGHAND = 1L << 32;
  private static final long CLONE_INTO_CGROUP = 1L << 33;
  private static final int SIGCHLD = 17;

  /** The command's arguments are the starter's as well. */
  private static final int E2BIG = 7;

  private static final int CLONE_X86_64 = 56;
  private static final int CLONE_AARCH64 = 220;

  // the control block of the native function, then clone_args and the two cells that clone fills
  private static final int ALL_SIGNALS = 8;
  private static final int CALL = 16;
  private static final int PROGRAM = 64;
  private static final int CLONE_ARGS = 72;
  private static final int CLONE_ARGS_BYTES = 88;
  private static final int PIDFD = CLONE_ARGS + CLONE_ARGS_BYTES;
  private static final int PID = PIDFD + 8;
  private static final int CONTROL_BYTES = PID + 8;

  private final MemoryIO io = MemoryIO.getInstance();
  private final Arch architecture = Arch.host();
  private final Program program;
  private final ProgramMemory memory;
  private final long namespaces;
  private final OptionalInt cgroup;
  private final long control;
  private final boolean modern;
  private boolean closed;

  private Spawn(Program program, Set<Namespace> namespaces, OptionalInt cgroup, boolean modern) {
    this.program = program;
    this.modern = modern;
    this.namespaces = namespaces.stream().mapToLong(Namespace::flag).reduce(0, (a, b) -> a | b);
    this.cgroup = cgroup;
    memory = new ProgramMemory(program, architecture);
    control = io.allocateMemory(CONTROL_BYTES, true);
    io.putLong(control + ALL_SIGNALS, -1);
    io.putLong(control + PIDFD, -1);
    io.putLong(control + PROGRAM, memory.address());
  }

  /**
   * Lays out the program.
   *
   * @param cgroup descriptor of a cgroup v2 directory that the child starts in; only where {@link
   *     #canEnterCgroup}
   */
  public static Spawn prepare(Program program, Set<Namespace> namespaces, OptionalInt cgroup) {
    return new Spawn(program, namespaces, cgroup, Clone3.AVAILABLE);
  }

  /** As where clone3 is refused. */
  static Spawn prepareOlder(Program program, Set<Namespace> namespaces) {
    return new Spawn(program, namespaces, OptionalInt.empty(), false);
  }

  /**
   * Whether a child can be started in a cgroup. In many CI containers clone3 is refused, and then
   * it has to move there itself.
   */
  public static boolean canEnterCgroup() {
    return Clone3.AVAILABLE;
  }

  private static final class Clone3 {
    /** Without arguments the call itself answers EINVAL, a filter before it something else. */
    static final boolean AVAILABLE = isThere(Kernel.callOnce(Syscall.CLONE3, 0, 0, 0, 0, 0));

    private static boolean isThere(long result) {
      return result != -Errno.ENOSYS.number() && result != -Errno.EPERM.number();
    }
  }

  /** Starts the child and returns when it executes its program. To be called once. */
  public Child run() throws SpawnException {
    int pid = begin();
    try {
      checkResults(false);
      checkCommand();
    } catch (SpawnException e) {
      RawCall.reap(pid);
      closePidfd();
      throw e;
    }
    return new Child(pid, pidfd(pid));
  }

  /**
   * Runs a program that ends by itself ({@link Program.Builder#end}), up to its end. To be called
   * once.
   *
   * @throws SpawnException with the first step that the kernel refused
   */
  public void attempt() throws SpawnException {
    int pid = begin();
    try {
      checkResults(true);
    } finally {
      RawCall.reap(pid);
      closePidfd();
    }
  }

  private int begin() throws SpawnException {
    long pid = modern ? clone3() : olderClone();
    if (pid < 0) {
      throw new SpawnException("clone a child into its namespaces", (int) -pid, false);
    }
    return (int) pid;
  }

  /**
   * The child's pid as the kernel wrote it at clone, for a thread that the child has told to go on
   * while {@link #run} still sleeps in another.
   */
  public int pid() {
    return (int) io.getLong(control + PID);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.close();
      io.freeMemory(control);
    }
  }

  private long clone3() {
    long flags = baseFlags() | CLONE_PIDFD | CLONE_CLEAR_SIGHAND;
    long args = control + CLONE_ARGS;
    io.putLong(args, flags | (cgroup.isPresent() ? CLONE_INTO_CGROUP : 0));
    io.putLong(args + 8, control + PIDFD);
    io.putLong(args + 24, control + PID);
    io.putLong(args + 32, SIGCHLD);
    io.putLong(args + 80, cgroup.orElse(0));
    return invoke(Syscall.CLONE3.number(architecture), args, CLONE_ARGS_BYTES, 0, 0, 0);
  }

  private long olderClone() {
    return invoke(
        architecture.pick(CLONE_X86_64, CLONE_AARCH64),
        baseFlags() | SIGCHLD,
        0,
        control + PID,
        0,
        0);
  }

  private long baseFlags() {
    return CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | namespaces;
  }

  private long invoke(long... numberAndArguments) {
    for (int i = 0; i < numberAndArguments.length; i++) {
      io.putLong(control + CALL + 8L * i, numberAndArguments[i]);
    }
    return MachineCode.instance().spawn(control);
  }

  private int pidfd(int pid) throws SpawnException {
    int fd = (int) io.getLong(control + PIDFD);
    if (fd >= 0) {
      return fd;
    }
    fd = RawCall.pidfdOpen(pid);
    if (fd < 0) {
      throw new SpawnException("open a pidfd of process " + pid, -fd, false);
    }
    return fd;
  }

  private void closePidfd() {
    int fd = (int) io.getLong(control + PIDFD);
    if (fd >= 0) {
      RawCall.close(fd);
    }
  }

  /** The child got to its exec if every step before it has a result and it has none. */
  private void checkResults(boolean endIsMeant) throws SpawnException {
    List<Step> steps = program.steps();
    for (int i = 0; i < steps.size(); i++) {
      long result = memory.result(i);
      Step step = steps.get(i);
      if (result == ProgramMemory.NOT_RUN) {
        if (!endIsMeant || !step.isExit()) {
          checkReachedExec(step);
        }
        return;
      }
      if (result < 0 && result >= -4095 && !step.onError().accepts((int) -result)) {
        boolean command = step.isExec() && (program.starter() == null || result == -E2BIG);
        throw new SpawnException(step.description(), (int) -result, command);
      }
    }
  }

  /** The child is through with the program; what it is now still has to become the command. */
  private void checkCommand() throws SpawnException {
    Starter starter = program.starter();
    if (starter == null) {
      return;
    }
    try {
      int errno = starter.awaitCommand();
      if (errno >= Starter.NO_LABEL) {
        throw new SpawnException("take its security label", errno - Starter.NO_LABEL, false);
      }
      if (errno != 0) {
        throw new SpawnException("exec", errno, true);
      }
    } catch (SpawnException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a pipe of our own; the child ends with this thread
    }
  }

  private void checkReachedExec(Step step) throws SpawnException {
    if (step.isExit()) {
      throw noProgram();
    }
    if (!step.isExec()) {
      throw new SpawnException("killed before it could " + step.description());
    }
  }

  /** No path led to a program: one that may not be executed says more than the missing ones. */
  private SpawnException noProgram() {
    int[] errors =
        IntStream.range(0, program.steps().size())
            .filter(i -> program.steps().get(i).isExec())
            .map(i -> (int) -memory.result(i))
            .toArray();
    boolean refused = IntStream.of(errors).anyMatch(e -> e == Errno.EACCES.number());
    int errno =
        refused ? Errno.EACCES.number() : errors.length == 0 ? Errno.ENOSYS.number() : errors[0];
    return new SpawnException("exec", errno, true);
  }
}
