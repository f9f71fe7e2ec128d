package io.jbuild.isolation.network;

import io.jbuild.isolation.plan.DieWithParent;
import io.jbuild.isolation.plan.ExecuteTrusted;
import io.jbuild.isolation.plan.KeepDescriptor;
import io.jbuild.isolation.plan.NewSession;
import io.jbuild.isolation.plan.Plan;
import io.jbuild.isolation.plan.ResetSignals;
import io.jbuild.linux.Fd;
import io.jbuild.linux.FdStreams;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.Pipe;
import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Spawn;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A program that carries the packets of one sandbox, and the thread that started it: the kernel
 * kills the program when that thread goes, be it by a {@code kill -9} of jbuild.
 *
 * <p>The program gets the network namespace as its input, since it may give up the right to open
 * {@code /proc/PID/ns}, and writes to its output when it is ready.
 */
final class Carrier implements Closeable {
  /** What {@code --netns} is told: standard input is left alone by every version. */
  static final String NAMESPACE = "/proc/self/fd/0";

  private static final int SIGKILL = 9;
  private static final int MOST_WORDS = 2000;
  private static final long GRACE_MILLIS = 1000;

  /** Neither program begins so. */
  private static final int ENDED = 0;

  private final String program;
  private final Pipe ready;
  private final Pipe said;
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private final StringBuilder words = new StringBuilder();
  private final Thread listener;
  private @Nullable Thread life;
  private @Nullable PidFd process;
  private boolean closed;

  private Carrier(String program, Pipe ready, Pipe said) {
    this.program = program;
    this.ready = ready;
    this.said = said;
    listener = new Thread(this::listen, program + "-err");
    listener.setDaemon(true);
  }

  /**
   * Returns when the program says that the network is there.
   *
   * @param namespace of the sandbox's network
   * @param self this process
   */
  static Carrier start(Path program, List<String> arguments, Fd namespace, PidFd self)
      throws IOException {
    String name = String.valueOf(program.getFileName());
    Pipe ready = Pipe.open();
    Carrier carrier;
    try {
      carrier = new Carrier(name, ready, Pipe.open());
    } catch (IOException e) {
      ready.close();
      throw e;
    }
    try {
      carrier.launch(plan(program, arguments, namespace, carrier, self));
      carrier.awaitReady();
      return carrier;
    } catch (IOException | RuntimeException e) {
      carrier.close();
      throw e;
    }
  }

  private static Plan plan(
      Path program, List<String> arguments, Fd namespace, Carrier carrier, PidFd self) {
    return new Plan(
        List.of(
            new NewSession(),
            new DieWithParent(self),
            new KeepDescriptor(namespace, 0),
            new KeepDescriptor(carrier.ready.writeEnd(), 1),
            new KeepDescriptor(carrier.said.writeEnd(), 2),
            new ResetSignals(),
            new ExecuteTrusted(program, arguments, List.of())),
        Optional.empty());
  }

  private void launch(Plan plan) {
    Thread thread = new Thread(() -> live(plan), program);
    thread.setDaemon(true);
    life = thread;
    thread.start();
  }

  private void live(Plan plan) {
    try (Spawn spawn =
        Spawn.prepare(plan.compile(), EnumSet.noneOf(Namespace.class), OptionalInt.empty())) {
      PidFd started = begin(spawn);
      listener.start();
      var unused = started.waitFor();
      listener.join(GRACE_MILLIS);
    } catch (IOException e) {
      failure.set(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tellEnd();
    }
  }

  private PidFd begin(Spawn spawn) throws IOException {
    try {
      Child child = spawn.run();
      PidFd started = PidFd.owning(Fd.owning(child.pidfd()));
      synchronized (this) {
        process = started;
        if (closed) {
          boolean unused = started.signal(SIGKILL);
        }
      }
      return started;
    } finally {
      said.writeEnd().close();
    }
  }

  /** By the pipe that the waiting thread reads: others may have copies, so no end is to be seen. */
  private void tellEnd() {
    try (OutputStream out = FdStreams.output(ready.writeEnd())) {
      out.write(ENDED);
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void listen() {
    try (InputStream in = FdStreams.input(said.readEnd())) {
      byte[] buffer = new byte[512];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hear(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void hear(String text) {
    synchronized (words) {
      if (words.length() < MOST_WORDS) {
        words.append(text);
      }
    }
  }

  private void awaitReady() throws IOException {
    if (FdStreams.input(ready.readEnd()).read() > ENDED) {
      return;
    }
    IOException cause = failure.get();
    if (cause != null) {
      throw new IOException("\"" + program + "\" cannot be started: " + cause.getMessage(), cause);
    }
    throw new IOException("\"" + program + "\" gives no network: " + lastLine());
  }

  private String lastLine() {
    String all;
    synchronized (words) {
      all = words.toString();
    }
    return all.lines()
        .filter(line -> !line.isBlank() && !line.contains("syslog"))
        .reduce((first, second) -> second)
        .map(String::strip)
        .orElse("it says nothing");
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (process != null) {
        boolean unused = process.signal(SIGKILL);
      }
    }
    awaitEnd();
    ready.readEnd().close();
    if (process != null) {
      process.close();
    }
    if (listener.getState() == Thread.State.NEW) {
      said.close();
    }
  }

  private void awaitEnd() throws IOException {
    Thread thread = life;
    if (thread == null) {
      ready.close();
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while \"" + program + "\" ends", e);
    }
  }
}
