package io.jbuild.isolation.cgroup;

import io.jbuild.isolation.cgroup.Pressure.Stall;
import io.jbuild.linux.KernelDir;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The group of one sandbox: a directory in every hierarchy that is of use to it. */
public final class ControlGroup implements Closeable {
  /** The group in one hierarchy. */
  record Member(Hierarchy hierarchy, Path directory) {}

  /** Time that processors have worked for it; zero where nobody counts. */
  public record CpuUse(Duration total, Duration user, Duration system) {}

  /** Bytes at the most and now, page cache included, and those of processes alone. */
  public record MemoryUse(OptionalLong peak, OptionalLong now, OptionalLong anonymous) {
    static final MemoryUse UNKNOWN =
        new MemoryUse(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** Bytes from and to all disks. */
  public record DiskUse(OptionalLong read, OptionalLong written) {
    static final DiskUse UNKNOWN = new DiskUse(OptionalLong.empty(), OptionalLong.empty());
  }

  /** Where runtimes look for a version 2 tree. */
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private static final int MICRO = 1000;

  private final String owner;
  private final List<Member> members;
  private final @Nullable KernelDir unified;
  private boolean closed;

  ControlGroup(String owner, List<Member> members, @Nullable KernelDir unified) {
    this.owner = owner;
    this.members = List.copyOf(members);
    this.unified = unified;
  }

  /** The version 2 directory, which clone3 can put a child into; stays this object's. */
  public Optional<KernelDir> unified() {
    return Optional.ofNullable(unified);
  }

  /** The files that a process has to write "0" to in order to be in the group everywhere. */
  public List<Path> memberFiles(boolean alreadyInUnified) {
    List<Path> files = new ArrayList<>();
    for (Member member : members) {
      if (!(member.hierarchy().unified() && alreadyInUnified)) {
        files.add(member.directory().resolve(member.hierarchy().version().memberFile()));
      }
    }
    return files;
  }

  /** Its directories, one in every hierarchy that it is in. */
  public List<Path> directories() {
    return members.stream().map(Member::directory).toList();
  }

  /**
   * Its path as an OCI runtime takes it: relative to the runtime's own group in version 1, below
   * the visible root in version 2. Empty where no group could be made.
   */
  public Optional<String> runtimePath() {
    return members.stream()
        .reduce((first, last) -> last) // version 2 comes first, and counts where it is alone
        .map(member -> runtimePath(member.hierarchy().unified(), member.directory()));
  }

  private static String runtimePath(boolean pureUnified, Path directory) {
    return pureUnified && directory.startsWith(MOUNT)
        ? "/" + MOUNT.relativize(directory)
        : (pureUnified ? "/" : "") + Hierarchy.PARENT + "/" + directory.getFileName();
  }

  /** How many of its processes the kernel has killed because memory ran out. */
  public long oomKills() throws IOException {
    Optional<Member> member = member(Controller.MEMORY);
    return member.isEmpty() ? 0 : version(member.get()).oomKills(member.get().directory());
  }

  public MemoryUse memory() throws IOException {
    Optional<Member> member = member(Controller.MEMORY);
    return member.isEmpty()
        ? MemoryUse.UNKNOWN
        : version(member.get()).memory(member.get().directory());
  }

  /** User and system time of all that has run in it; empty where no group counts. */
  public Optional<CpuUse> cpu() throws IOException {
    Optional<Member> member = member(Controller.CPU_ACCOUNTING);
    return member.isEmpty()
        ? Optional.empty()
        : Optional.of(version(member.get()).cpu(member.get().directory()));
  }

  /** How long its processes were held by their limit of processors. */
  public Duration throttled() throws IOException {
    Optional<Member> member = member(Controller.CPU);
    return member.isEmpty()
        ? Duration.ZERO
        : version(member.get()).throttled(member.get().directory());
  }

  public DiskUse io() throws IOException {
    Optional<Member> member = member(Controller.IO);
    return member.isEmpty() ? DiskUse.UNKNOWN : version(member.get()).io(member.get().directory());
  }

  /** The most processes and threads at once. */
  public OptionalLong peakPids() throws IOException {
    Optional<Member> member = member(Controller.PIDS);
    return member.isEmpty()
        ? OptionalLong.empty()
        : GroupFiles.number(member.get().directory(), "pids.peak");
  }

  /** Empty without version 2, or where the kernel does not measure it. */
  public Optional<Pressure> pressure() throws IOException {
    Optional<Path> group =
        members.stream()
            .filter(member -> member.hierarchy().unified())
            .map(Member::directory)
            .findFirst();
    if (group.isEmpty() || GroupFiles.read(group.get(), "cpu.pressure").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Pressure(
            stall(group.get(), "cpu.pressure"),
            stall(group.get(), "memory.pressure"),
            stall(group.get(), "io.pressure")));
  }

  /** Lines {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=123}, in microseconds. */
  private static Stall stall(Path group, String file) throws IOException {
    String lines = GroupFiles.read(group, file).orElse("");
    return new Stall(total(lines, "some "), total(lines, "full "));
  }

  private static Duration total(String lines, String kind) {
    return lines
        .lines()
        .filter(line -> line.startsWith(kind))
        .map(line -> line.substring(line.lastIndexOf('=') + 1))
        .map(micros -> Duration.ofNanos(Long.parseLong(micros) * MICRO))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  /** Returns when every process in it stands still, until {@link #thaw}. */
  public void freeze() throws IOException {
    freeze(true);
  }

  public void thaw() throws IOException {
    freeze(false);
  }

  private synchronized void freeze(boolean on) throws IOException {
    if (closed) {
      return;
    }
    Member member =
        member(Controller.FREEZER)
            .orElseThrow(() -> new IOException("no control group that can freeze a process"));
    version(member).freeze(member.directory(), on);
  }

  /** Kills every process in it, frozen ones included. */
  public synchronized void kill() throws IOException {
    if (closed) {
      return;
    }
    if (unified != null) {
      GroupFiles.killAll(members.get(0).directory()); // the same processes are in the others
    } else {
      for (Member member : members) {
        GroupFiles.killAll(member.directory());
      }
    }
  }

  /** Kills what is left and removes the group everywhere. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (unified != null) {
      unified.close();
    }
    ControlGroups.remove(owner, members.stream().map(Member::directory).toList());
  }

  private static Version version(Member member) {
    return member.hierarchy().version();
  }

  private Optional<Member> member(Controller controller) {
    return members.stream().filter(member -> member.hierarchy().has(controller)).findFirst();
  }
}
