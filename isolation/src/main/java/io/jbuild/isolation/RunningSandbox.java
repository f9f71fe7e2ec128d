package io.jbuild.isolation;

import io.jbuild.isolation.ExitStatus.Exited;
import io.jbuild.isolation.ExitStatus.OutOfMemory;
import io.jbuild.isolation.ExitStatus.Signalled;
import io.jbuild.isolation.cgroup.ControlGroup;
import io.jbuild.isolation.cgroup.ControlGroup.CpuUse;
import io.jbuild.isolation.cgroup.ControlGroup.DiskUse;
import io.jbuild.isolation.cgroup.ControlGroup.MemoryUse;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Fd;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.ProcessEnd;
import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Spawn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox and the thread that started it, which stays until the end: the kernel kills the command
 * when that very thread goes.
 */
final class RunningSandbox implements Sandbox {
  private static final int SIGKILL = 9;

  /** A process that sleeps in the kernel may not die: after this we give up and say so. */
  private static final long STUCK_MILLIS = 10_000;

  private final ControlGroup group;
  private final OptionalLong memoryLimit;
  private final List<OutputPump> pumps;
  private final Closing resources;
  private final Spawn spawn;
  private final String name;
  private final Attendant attendant;
  private final CompletableFuture<Child> started = new CompletableFuture<>();
  private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
  private @Nullable PidFd process;
  private volatile int pid;
  private @Nullable Usage lastUsage;
  private volatile @Nullable ProcessEnd end;
  private @Nullable Thread thread;
  private boolean closed;

  /**
   * @param resources all that is closed with the sandbox, the group last of all
   */
  RunningSandbox(
      Spawn spawn,
      String name,
      ControlGroup group,
      OptionalLong memoryLimit,
      List<OutputPump> pumps,
      Closing resources) {
    this(spawn, name, group, memoryLimit, pumps, resources, Attendant.NONE);
  }

  /**
   * @param attendant starts the child, and sees to what it leaves running
   */
  RunningSandbox(
      Spawn spawn,
      String name,
      ControlGroup group,
      OptionalLong memoryLimit,
      List<OutputPump> pumps,
      Closing resources,
      Attendant attendant) {
    this.attendant = attendant;
    this.group = group;
    this.memoryLimit = memoryLimit;
    this.pumps = List.copyOf(pumps);
    this.resources = resources;
    this.spawn = spawn;
    this.name = name;
  }

  /**
   * Starts the thread, without waiting for the command.
   *
   * @param childIsThrough run when the child has executed its command or failed to
   */
  void launch(Runnable childIsThrough) {
    Thread life = new Thread(() -> live(childIsThrough), name);
    life.setDaemon(true);
    thread = life;
    life.start();
  }

  /** Waits until the command has been executed, or could not be. */
  void awaitStart() throws IOException {
    try {
      Child unused = started.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void live(Runnable childIsThrough) {
    try {
      start(childIsThrough);
      finish();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      started.completeExceptionally(e);
      ended.completeExceptionally(e);
    }
  }

  private void start(Runnable childIsThrough) throws IOException {
    Child child;
    try {
      child = attendant.start(spawn);
    } finally {
      childIsThrough.run();
    }
    synchronized (this) {
      process = PidFd.owning(Fd.owning(child.pidfd()));
    }
    pid = child.pid();
    pumps.forEach(OutputPump::start);
    started.complete(child);
  }

  private void finish() throws IOException, InterruptedException {
    ProcessEnd how = processOrBug().waitFor();
    end = how;
    attendant.ended(pid);
    for (OutputPump pump : pumps) {
      pump.finish();
    }
    ended.complete(status(how));
  }

  private ExitStatus status(ProcessEnd how) throws IOException {
    ExitStatus plain = how.signalled() ? new Signalled(how.status()) : new Exited(how.status());
    return !plain.success() && group.oomKills() > 0 ? new OutOfMemory(memoryLimit, plain) : plain;
  }

  private synchronized PidFd processOrBug() {
    if (process == null) {
      throw new IllegalStateException("the command has not been started");
    }
    return process;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public ExitStatus waitFor() throws IOException, InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public synchronized void signal(int number) throws IOException {
    if (!closed && end == null && process != null) {
      boolean unused = process.signal(number);
    }
  }

  @Override
  public void freeze() throws IOException {
    group.freeze();
  }

  @Override
  public void thaw() throws IOException {
    group.thaw();
  }

  /** The first process of a PID namespace takes all others with it, unless they are frozen. */
  @Override
  public void kill() throws IOException {
    if (end == null) {
      signal(SIGKILL);
      group.kill();
    }
  }

  @Override
  public synchronized Usage usage() throws IOException {
    Usage usage = lastUsage;
    return usage == null ? countedUsage() : usage;
  }

  private Usage countedUsage() throws IOException {
    CpuUse cpu = cpuTime();
    MemoryUse memory = group.memory();
    DiskUse io = group.io();
    return new Usage(
        cpu.total(),
        cpu.user(),
        cpu.system(),
        group.throttled(),
        memory.peak(),
        memory.now(),
        memory.anonymous(),
        io.read(),
        io.written(),
        group.peakPids(),
        group.oomKills(),
        group.pressure());
  }

  /** Without a group, what the first process and those that it waited for have used. */
  private CpuUse cpuTime() throws IOException {
    Optional<CpuUse> counted = group.cpu();
    ProcessEnd how = end;
    if (counted.isPresent() || how == null) {
      return counted.orElse(new CpuUse(Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }
    return new CpuUse(how.userTime().plus(how.systemTime()), how.userTime(), how.systemTime());
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    kill();
    awaitEnd();
    synchronized (this) {
      if (closed) {
        return;
      }
      lastUsage = usage();
      closed = true;
      if (process != null) {
        process.close();
      }
    }
    resources.close();
  }

  private void awaitEnd() throws IOException {
    Thread life = thread;
    if (life == null) {
      return;
    }
    try {
      life.join(STUCK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while process " + pid + " ends", e);
    }
    if (life.isAlive()) {
      String what =
          end == null
              ? "process " + pid + " is stuck: killed, and not dead"
              : "the output of process " + pid + " is stuck: nobody takes it";
      throw new IOException(what + " after " + STUCK_MILLIS + " ms");
    }
  }
}
