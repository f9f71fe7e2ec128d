package io.jbuild.isolation;

import io.jbuild.linux.Errno;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.PidFd;
import io.jbuild.linux.ProcessEnd;
import io.jbuild.linux.Self;
import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Spawn;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ends what commands leave running where no PID namespace does it.
 *
 * <p>A command adopts the orphans among its descendants while it lives, and this process does when
 * it has ended; so whatever descends from this process by way of no living command has been left. A
 * bounding set of capabilities below our own tells it from programs that this process runs itself:
 * a process gets there by a command's set-up only, and never out of it.
 */
final class Strays implements Attendant {
  private static final int ROUNDS = 1000;
  private static final int SIGKILL = 9;
  private static final int SIGSTOP = 19;

  private final int self = (int) ProcessHandle.current().pid();
  private final Set<Integer> living = new HashSet<>();
  private final long ownBounds;

  /** A process as {@code /proc} tells of it. */
  private record Task(int pid, int parent, long bounds) {}

  private Strays(long ownBounds) {
    this.ownBounds = ownBounds;
  }

  static Strays adopt() throws IOException {
    Self.adoptOrphans();
    return new Strays(read("self").bounds());
  }

  /** No look at the processes is taken while one of them is being set up. */
  @Override
  public synchronized Child start(Spawn spawn) throws IOException {
    Child child = spawn.run();
    living.add(child.pid());
    return child;
  }

  @Override
  public synchronized void ended(int pid) throws IOException {
    living.remove(pid);
    for (int round = 0; round < ROUNDS; round++) {
      Map<Integer, Task> left = left();
      if (left.isEmpty()) {
        return;
      }
      stopAll(left);
      for (Task stray : left.values()) {
        signal(stray, SIGKILL);
        if (stray.parent() == self) {
          reap(stray.pid());
        }
      }
    }
    throw new IOException("a command has left processes that cannot be ended: " + left().keySet());
  }

  /** What is stopped makes no more processes; others may have, until none is new. */
  private void stopAll(Map<Integer, Task> left) throws IOException {
    Set<Integer> stopped = new HashSet<>();
    for (int round = 0; round < ROUNDS && !stopped.containsAll(left.keySet()); round++) {
      for (Task stray : left.values()) {
        if (stopped.add(stray.pid())) {
          signal(stray, SIGSTOP);
        }
      }
      left.putAll(left());
    }
  }

  private Map<Integer, Task> left() throws IOException {
    Map<Integer, Task> all = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        try {
          Task process = read(String.valueOf(entry.getFileName()));
          all.put(process.pid(), process);
        } catch (IOException e) {
          if (Files.exists(entry.resolve("status"))) {
            throw e; // else it has ended meanwhile
          }
        }
      }
    }
    Map<Integer, Task> left = new HashMap<>();
    for (Task process : all.values()) {
      if (process.bounds() != ownBounds && isLeft(process, all)) {
        left.put(process.pid(), process);
      }
    }
    return left;
  }

  /** Whether it descends from this process, and from no command that lives. */
  private boolean isLeft(Task process, Map<Integer, Task> all) {
    Task at = process;
    while (at != null && !living.contains(at.pid())) {
      if (at.parent() == self) {
        return true;
      }
      at = all.get(at.parent());
    }
    return false;
  }

  private static Task read(String pid) throws IOException {
    int number = 0;
    int parent = 0;
    long bounds = 0;
    List<String> lines = Files.readAllLines(Path.of("/proc", pid, "status"));
    for (String line : lines) {
      String value = line.substring(line.indexOf(':') + 1).trim();
      if (line.startsWith("Pid:")) {
        number = Integer.parseInt(value);
      } else if (line.startsWith("PPid:")) {
        parent = Integer.parseInt(value);
      } else if (line.startsWith("CapBnd:")) {
        bounds = Long.parseUnsignedLong(value, 16);
      }
    }
    return new Task(number, parent, bounds);
  }

  /** Holds the process before it looks again: the number may have become another's. */
  private static void signal(Task stray, int signal) throws IOException {
    try (PidFd process = PidFd.open(stray.pid())) {
      if (read(Integer.toString(stray.pid())).equals(stray)) {
        boolean unused = process.signal(signal);
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.ESRCH) {
        throw e;
      }
    } catch (IOException e) {
      if (Files.exists(Path.of("/proc", Integer.toString(stray.pid())))) {
        throw e; // else it has ended meanwhile
      }
    }
  }

  private static void reap(int pid) throws IOException {
    try (PidFd process = PidFd.open(pid)) {
      ProcessEnd unused = process.waitFor();
    } catch (LinuxException e) {
      if (e.errno() != Errno.ESRCH && e.errno() != Errno.ECHILD) {
        throw e;
      }
    }
  }
}
