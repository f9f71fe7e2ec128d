package io.jbuild.isolation.cgroup;

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

/** The group of one sandbox: a directory in every hierarchy. */
public final class ControlGroup implements Closeable {
  /** The group in one hierarchy. */
  record Member(Hierarchy hierarchy, Path directory) {}

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
        files.add(member.directory().resolve(member.hierarchy().memberFile()));
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
    boolean pureUnified = members.stream().allMatch(member -> member.hierarchy().unified());
    return members.stream()
        .findFirst()
        .map(Member::directory)
        .map(path -> (pureUnified ? "/" : "") + Hierarchy.PARENT + "/" + path.getFileName());
  }

  /** How many of its processes the kernel has killed because memory ran out. */
  public long oomKills() throws IOException {
    Optional<Path> group = directory("memory");
    if (group.isEmpty()) {
      return 0;
    }
    OptionalLong kills = GroupFiles.keyed(group.get(), "memory.events", "oom_kill");
    return kills.isPresent()
        ? kills.getAsLong()
        : GroupFiles.keyed(group.get(), "memory.oom_control", "oom_kill").orElse(0);
  }

  /** The most memory that it has held at once, page cache included. */
  public OptionalLong peakMemory() throws IOException {
    Optional<Path> group = directory("memory");
    if (group.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong peak = GroupFiles.number(group.get(), "memory.peak");
    return peak.isPresent() ? peak : GroupFiles.number(group.get(), "memory.max_usage_in_bytes");
  }

  /** User and system time of all that has run in it. */
  public Optional<Duration> cpuTime() throws IOException {
    Optional<Path> accounting = directory("cpuacct");
    if (accounting.isPresent()) {
      OptionalLong nanos = GroupFiles.number(accounting.get(), "cpuacct.usage");
      return nanos.isPresent()
          ? Optional.of(Duration.ofNanos(nanos.getAsLong()))
          : Optional.empty();
    }
    if (unified == null) {
      return Optional.empty();
    }
    for (Member member : members) {
      OptionalLong micros = GroupFiles.keyed(member.directory(), "cpu.stat", "usage_usec");
      if (member.hierarchy().unified() && micros.isPresent()) {
        return Optional.of(Duration.ofNanos(micros.getAsLong() * 1000));
      }
    }
    return Optional.empty();
  }

  /** Kills every process in it. */
  public void kill() throws IOException {
    for (Member member : members) {
      GroupFiles.killAll(member.directory());
    }
  }

  /** Kills what is left and removes the group everywhere. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (unified != null) {
      unified.close();
    }
    ControlGroups.remove(owner, members.stream().map(Member::directory).toList());
  }

  private Optional<Path> directory(String controller) {
    return members.stream()
        .filter(member -> member.hierarchy().has(controller))
        .map(Member::directory)
        .findFirst();
  }
}
