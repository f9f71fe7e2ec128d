package io.jbuild.isolation.running;

import io.jbuild.linux.LinuxException;
import io.jbuild.linux.NamespaceFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The namespaces of the processes that can be seen, as {@code lsns} counts them: each with its
 * processes and the lowest of them. Processes that end meanwhile are passed over, as are those
 * whose namespaces are not for this user to know.
 */
public final class NamespaceTable {
  /** In the order of {@code lsns}. */
  public static final List<String> KINDS =
      List.of("mnt", "net", "ipc", "user", "pid", "uts", "cgroup", "time");

  private static final Path PROC = Path.of("/proc");
  private static final int MAX_COMMAND = 4096;

  /** A namespace while it is counted. */
  private static final class Count {
    private int processes;
    private int lowest = Integer.MAX_VALUE;
  }

  private record Key(String kind, long number) {}

  private final Map<String, Map<Long, Count>> counts = new TreeMap<>();

  private NamespaceTable() {}

  /** All of them, by kind and number. */
  public static List<NamespaceEntry> all() throws IOException {
    return read().entries(key -> true);
  }

  /**
   * Those of one process.
   *
   * @return empty when there is no such process
   */
  public static Optional<List<NamespaceEntry>> of(int pid) throws IOException {
    Path process = PROC.resolve(Integer.toString(pid));
    if (!Files.isDirectory(process)) {
      return Optional.empty();
    }
    Map<String, Long> own = new TreeMap<>();
    for (String kind : KINDS) {
      number(process, kind).ifPresent(number -> own.put(kind, number));
    }
    if (own.isEmpty()) {
      throw new IOException("the namespaces of process " + pid + " are not for this user to see");
    }
    return Optional.of(
        read().entries(key -> Long.valueOf(key.number()).equals(own.get(key.kind()))));
  }

  private static NamespaceTable read() throws IOException {
    NamespaceTable table = new NamespaceTable();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        table.count(process, Integer.parseInt(process.getFileName().toString()));
      }
    }
    return table;
  }

  private void count(Path process, int pid) {
    for (String kind : KINDS) {
      OptionalLong number = number(process, kind);
      if (number.isPresent()) {
        Count count =
            counts
                .computeIfAbsent(kind, any -> new TreeMap<>())
                .computeIfAbsent(number.getAsLong(), any -> new Count());
        count.processes++;
        count.lowest = Math.min(count.lowest, pid);
      }
    }
  }

  private static OptionalLong number(Path process, String kind) {
    try {
      Path link = Files.readSymbolicLink(process.resolve("ns").resolve(kind));
      return NamespaceFile.number(link.toString());
    } catch (IOException e) {
      return OptionalLong.empty(); // it has ended, or is another user's
    }
  }

  private List<NamespaceEntry> entries(java.util.function.Predicate<Key> wanted) {
    List<NamespaceEntry> entries = new ArrayList<>();
    for (String kind : KINDS) {
      counts
          .getOrDefault(kind, Map.of())
          .forEach(
              (number, count) -> {
                if (wanted.test(new Key(kind, number))) {
                  entries.add(entry(kind, number, count));
                }
              });
    }
    return entries;
  }

  private static NamespaceEntry entry(String kind, long number, Count count) {
    Path process = PROC.resolve(Integer.toString(count.lowest));
    OptionalLong owner = OptionalLong.empty();
    OptionalLong parent = OptionalLong.empty();
    try (NamespaceFile file = NamespaceFile.open(process.resolve("ns").resolve(kind))) {
      owner = close(file.owner());
      if (kind.equals("user") || kind.equals("pid")) {
        parent = close(file.parent());
      }
    } catch (IOException e) {
      owner = OptionalLong.empty(); // not for this user to know
    }
    return new NamespaceEntry(
        number,
        kind,
        count.processes,
        count.lowest,
        user(process),
        command(process),
        owner,
        parent);
  }

  private static OptionalLong close(Optional<NamespaceFile> found) throws IOException {
    if (found.isEmpty()) {
      return OptionalLong.empty();
    }
    try (NamespaceFile file = found.get()) {
      return OptionalLong.of(file.number());
    } catch (LinuxException e) {
      return OptionalLong.empty();
    }
  }

  private static String user(Path process) {
    try {
      return Files.getOwner(process).getName();
    } catch (IOException e) {
      return "?";
    }
  }

  /** What it was started with; a thread of the kernel's has only a name. */
  private static String command(Path process) {
    try (var in = Files.newInputStream(process.resolve("cmdline"))) {
      byte[] line = in.readNBytes(MAX_COMMAND);
      if (line.length > 0) {
        return NamespaceEntry.printable(line);
      }
      return NamespaceEntry.printable(
          Files.readString(process.resolve("comm"), java.nio.charset.StandardCharsets.ISO_8859_1)
              .strip()
              .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return "";
    }
  }
}
