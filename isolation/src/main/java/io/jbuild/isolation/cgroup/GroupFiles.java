package io.jbuild.isolation.cgroup;

import io.jbuild.linux.Errno;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.PidFd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads, writes, empties and removes one group's directory. */
final class GroupFiles {
  /** The kernel tells nobody when the last dying task has left a version 1 group: it is asked. */
  private static final int REMOVAL_ATTEMPTS = 50;

  private static final long REMOVAL_PAUSE_MILLIS = 20;
  private static final int SIGKILL = 9;

  private GroupFiles() {}

  static void write(Path group, String file, String value) throws IOException {
    try {
      Files.writeString(
          group.resolve(file), value, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
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

  /** Kills every process of the group; who forks meanwhile is found in the next round. */
  static void killAll(Path group) throws IOException {
    if (Files.exists(group.resolve("cgroup.kill"))) {
      write(group, "cgroup.kill", "1");
      return;
    }
    List<String> members = members(group);
    for (int round = 0; !members.isEmpty() && round < REMOVAL_ATTEMPTS; round++) {
      for (String pid : members) {
        kill(group, Integer.parseInt(pid));
      }
      members = members(group);
    }
  }

  private static List<String> members(Path group) throws IOException {
    return read(group, "cgroup.procs").stream().flatMap(String::lines).toList();
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

  /** Removes the group, waiting for what dies in it; nothing happens where there is none. */
  static void remove(Path group) throws IOException {
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

  private static void pause() throws IOException {
    try {
      Thread.sleep(REMOVAL_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a control group empties", e);
    }
  }
}
