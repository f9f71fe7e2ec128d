package io.jbuild.isolation.running;

import io.jbuild.linux.LockFile;
import io.jbuild.oci.text.MalformedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The register of running sandboxes: a file each, named as the sandbox is, that is locked for as
 * long as it runs. Whoever reads or adds holds the lock of the whole for that moment, so that a
 * look at a file is never taken for its life.
 */
public final class RunningSandboxes {
  /** Its name in the runtime directory. */
  public static final String DIRECTORY = "running";

  private static final String WHOLE = ".lock";
  private static final int START_TICKS_AFTER_NAME = 19;

  private final Path directory;

  private RunningSandboxes(Path directory) {
    this.directory = directory;
  }

  /**
   * @param runtimeDirectory what is given to {@code IsolationCore.open} too; need not be there
   */
  public static RunningSandboxes in(Path runtimeDirectory) {
    return at(runtimeDirectory.resolve(DIRECTORY));
  }

  /** The register that is this directory. */
  public static RunningSandboxes at(Path directory) {
    return new RunningSandboxes(directory);
  }

  /** A name that is taken, until it is closed. */
  public static final class Registration implements Closeable {
    private final LockFile lock;
    private final SandboxLabel label;

    private Registration(LockFile lock, SandboxLabel label) {
      this.lock = lock;
      this.label = label;
    }

    /** Says what has been started; before that nobody sees it. */
    public void started(int pid, List<String> command) throws IOException {
      RunningEntry entry =
          new RunningEntry(
              label.name(),
              label.of(),
              pid,
              startTicks(pid).orElse(0L),
              (int) ProcessHandle.current().pid(),
              Instant.now(),
              command);
      Files.write(lock.path(), entry.bytes(), StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(lock.path());
      lock.close();
    }
  }

  /**
   * Takes a name.
   *
   * @throws NameInUseException when a sandbox of this name runs
   */
  @SuppressWarnings("try") // the lock is held, not used
  public Registration register(SandboxLabel label) throws IOException {
    Files.createDirectories(directory);
    try (LockFile whole = whole()) {
      Optional<LockFile> own =
          LockFile.tryLock(directory.resolve(label.name()), LockFile.Mode.EXCLUSIVE);
      if (own.isEmpty()) {
        throw new NameInUseException(label.name());
      }
      Files.write(own.get().path(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
      return new Registration(own.get(), label);
    }
  }

  /** Those that run, the oldest first; what a dead process left is removed. */
  @SuppressWarnings("try") // the lock is held, not used
  public List<RunningEntry> list() throws IOException {
    List<RunningEntry> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (LockFile whole = whole();
        DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(WHOLE)) {
          entry(file).ifPresent(found::add);
        }
      }
    } catch (AccessDeniedException e) {
      throw new IOException("the sandboxes in " + directory + " are another user's", e);
    }
    found.sort(Comparator.comparing(RunningEntry::since).thenComparing(RunningEntry::name));
    return found;
  }

  /** Removes what dead processes have left. */
  public void sweep() throws IOException {
    List<RunningEntry> unused = list();
  }

  /** The one of this name. */
  public Optional<RunningEntry> find(String name) throws IOException {
    return list().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private LockFile whole() throws IOException {
    return LockFile.lock(directory.resolve(WHOLE), LockFile.Mode.EXCLUSIVE);
  }

  private static Optional<RunningEntry> entry(Path file) throws IOException {
    try {
      if (Files.size(file) > RunningEntry.MAX_BYTES) {
        return Optional.empty();
      }
      byte[] content = Files.readAllBytes(file);
      Optional<LockFile> dead = LockFile.tryLock(file, LockFile.Mode.EXCLUSIVE);
      if (dead.isPresent()) {
        Files.deleteIfExists(file);
        dead.get().close();
        return Optional.empty();
      }
      return content.length == 0 ? Optional.empty() : Optional.of(RunningEntry.parse(content));
    } catch (NoSuchFileException | MalformedException e) {
      return Optional.empty(); // it ended just now, or is about to say what it is
    }
  }

  /** When a process began, in clock ticks since boot; empty when it has ended. */
  public static Optional<Long> startTicks(int pid) throws IOException {
    Path process = Path.of("/proc", Integer.toString(pid));
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // the name, in brackets, may have blanks and brackets itself
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(Long.parseLong(fields[START_TICKS_AFTER_NAME]));
    } catch (IOException e) {
      if (Files.exists(process)) {
        throw e;
      }
      return Optional.empty(); // a file that is open already fails by ESRCH
    }
  }
}
