package io.jbuild.isolation.cgroup;

import io.jbuild.linux.ChangingFile;
import io.jbuild.linux.Errno;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.PidFd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads, writes, empties and removes one group's directory. */
final class GroupFiles {
  /** The kernel tells nobody when a version 1 group lets go of its last dead task: it is asked. */
  private static final int REMOVAL_ATTEMPTS = 50;

  private static final long PAUSE_MILLIS = 20;
  private static final int SIGKILL = 9;

  /** A process that sleeps in the kernel may not die: after this we give up and say so. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private GroupFiles() {}

  static Path parent(Path group) {
    return Objects.requireNonNull(group.getParent(), "a control group has a parent");
  }

  static void write(Path group, String file, String value) throws IOException {
    try {
      Files.writeString(
          group.resolve(file), value, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "\"" + group.resolve(file) + "\" is missing: the kernel cannot do it", e);
    } catch (IOException e) {
      throw new IOException(
          "write \"" + value + "\" to \"" + group.resolve(file) + "\": " + e.getMessage(), e);
    }
  }

  /** As {@link #write}, for a file that not every kernel has. */
  static void writeIfPresent(Path group, String file, String value) throws IOException {
    if (Files.exists(group.resolve(file))) {
      write(group, file, value);
    }
  }

  /** As {@link #write}, for a file that is missing for a reason that can be told. */
  static void writeNeeded(Path group, String file, String value, String missing)
      throws IOException {
    if (!Files.exists(group.resolve(file))) {
      throw new IOException("a limit cannot be kept: " + missing);
    }
    write(group, file, value);
  }

  /** Writes to that one of several files that this kernel has. */
  static void writeFirstPresent(Path group, List<String> files, String value) throws IOException {
    Optional<String> present =
        files.stream().filter(file -> Files.exists(group.resolve(file))).findFirst();
    write(group, present.orElse(files.get(0)), value);
  }

  static Optional<String> read(Path group, String file) throws IOException {
    try {
      return Optional.of(Files.readString(group.resolve(file), StandardCharsets.US_ASCII).trim());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static OptionalLong number(Path group, String file) throws IOException {
    return read(group, file)
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  /** A value of a file with lines {@code key value}. */
  static OptionalLong keyed(Path group, String file, String key) throws IOException {
    for (String line : read(group, file).orElse("").split("\n", -1)) {
      if (line.startsWith(key + " ")) {
        return OptionalLong.of(Long.parseLong(line.substring(key.length() + 1).trim()));
      }
    }
    return OptionalLong.empty();
  }

  static List<String> members(Path group) throws IOException {
    return read(group, "cgroup.procs").stream()
        .flatMap(String::lines)
        .filter(pid -> !pid.equals("0")) // not of our PID namespace
        .toList();
  }

  /** Kills every process of the group and of those below, frozen ones included. */
  static void killAll(Path group) throws IOException {
    if (Files.exists(group.resolve("cgroup.kill"))) {
      write(group, "cgroup.kill", "1");
      return;
    }
    killEach(group);
    writeIfPresent(group, "freezer.state", "THAWED"); // only then do they notice
    try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
      for (Path child : below) {
        killAll(child);
      }
    }
  }

  /** Who forks meanwhile is found in the next round. */
  private static void killEach(Path group) throws IOException {
    List<String> members = members(group);
    for (int round = 0; !members.isEmpty() && round < REMOVAL_ATTEMPTS; round++) {
      for (String pid : members) {
        kill(group, Integer.parseInt(pid));
      }
      List<String> before = members;
      members = members(group).stream().filter(pid -> !before.contains(pid)).toList();
    }
  }

  /** Holds the process before it looks again: the number may have become another process's. */
  private static void kill(Path group, int pid) throws IOException {
    try (PidFd process = PidFd.open(pid)) {
      if (members(group).contains(Integer.toString(pid))) {
        boolean unused = process.signal(SIGKILL);
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.ESRCH) {
        throw e;
      }
    }
  }

  /** Waits for a line of a version 2 group's events; false when the time is over. */
  static boolean awaitEvent(Path group, String line, Duration most) throws IOException {
    long end = System.nanoTime() + most.toNanos();
    try (ChangingFile events = ChangingFile.open(group.resolve("cgroup.events"))) {
      while (events.read().lines().noneMatch(line::equals)) {
        long rest = end - System.nanoTime();
        if (rest <= 0 || !events.awaitChange(Duration.ofNanos(rest))) {
          return false;
        }
      }
      return true;
    }
  }

  /** Removes the group and those below, after what dies in it; nothing happens without a group. */
  static void remove(Path group) throws IOException {
    if (!Files.isDirectory(group)) {
      return;
    }
    awaitEmpty(group);
    try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
      for (Path child : below) {
        remove(child);
      }
    }
    removeEmpty(group);
  }

  private static void awaitEmpty(Path group) throws IOException {
    if (Files.exists(group.resolve("cgroup.events"))) {
      if (!awaitEvent(group, "populated 0", STUCK)) {
        throw new IOException(
            "processes of control group \"" + group + "\" are stuck: killed, and not dead");
      }
      return;
    }
    for (String pid : members(group)) {
      awaitEnd(Integer.parseInt(pid));
    }
  }

  private static void awaitEnd(int pid) throws IOException {
    try (PidFd process = PidFd.open(pid)) {
      if (!process.awaitEnd(STUCK)) {
        throw new IOException("process " + pid + " is stuck: killed, and not dead");
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.ESRCH) {
        throw e;
      }
    }
  }

  private static void removeEmpty(Path group) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        boolean unused = Files.deleteIfExists(group);
        return;
      } catch (IOException e) {
        if (attempt == REMOVAL_ATTEMPTS) {
          throw new IOException("control group \"" + group + "\" cannot be removed: " + e, e);
        }
      }
      pause();
    }
  }

  static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a control group changes", e);
    }
  }
}
