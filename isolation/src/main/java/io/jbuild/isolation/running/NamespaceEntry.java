package io.jbuild.isolation.running;

import io.jbuild.linux.Printable;
import java.util.OptionalLong;

/**
 * A namespace and the processes in it.
 *
 * @param kind as {@code /proc/PID/ns} names it: {@code mnt}, {@code net}, {@code ipc}, {@code
 *     user}, {@code pid}, {@code uts}, {@code cgroup} or {@code time}
 * @param processes how many are in it that can be seen
 * @param pid the lowest of them
 * @param user the name of that one's user, or the number
 * @param command its command line, made printable
 * @param owner the user namespace whose root rules over it, where that can be seen
 * @param parent of a user or PID namespace the one around it, where that can be seen
 */
public record NamespaceEntry(
    long number,
    String kind,
    int processes,
    int pid,
    String user,
    String command,
    OptionalLong owner,
    OptionalLong parent) {

  /** Words separated by NUL, of a process that may call itself what it likes. */
  static String printable(byte[] commandLine) {
    int end = commandLine.length;
    while (end > 0 && commandLine[end - 1] == 0) {
      end--;
    }
    byte[] words = java.util.Arrays.copyOf(commandLine, end);
    for (int i = 0; i < end; i++) {
      words[i] = words[i] == 0 ? (byte) ' ' : words[i];
    }
    return Printable.of(words);
  }
}
