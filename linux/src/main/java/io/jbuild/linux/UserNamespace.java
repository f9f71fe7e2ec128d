package io.jbuild.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The user namespace of this process: which numbers of users and groups exist in it, and what each
 * is outside.
 *
 * @param isInitial whether it is the machine's own, which has all numbers and all rights
 * @param uids the mapped users; numbers outside of them cannot own a file here
 * @param gids the mapped groups
 */
public record UserNamespace(boolean isInitial, List<Range> uids, List<Range> gids) {
  /** PROC_USER_INIT_INO: the kernel gives the first user namespace this number at every boot. */
  private static final String INITIAL = "user:[4026531837]";

  /**
   * A line of {@code uid_map}: {@code count} numbers from {@code inside} on are those from {@code
   * outside} on in the namespace around this one.
   */
  public record Range(long inside, long outside, long count) {
    public Range {
      if (inside < 0 || outside < 0 || count < 1) {
        throw new IllegalArgumentException(
            "id range " + inside + " " + outside + " of " + count + " ids");
      }
    }

    public boolean holds(long id) {
      return id >= inside && id - inside < count;
    }
  }

  public UserNamespace {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
  }

  /** The namespace that this process is in; no process with threads can change it. */
  public static UserNamespace current() throws IOException {
    return new UserNamespace(
        isInitial(Path.of("/proc/self/ns/user")),
        parse(Files.readString(Path.of("/proc/self/uid_map"))),
        parse(Files.readString(Path.of("/proc/self/gid_map"))));
  }

  /** A kernel without user namespaces has no such file, and one namespace. */
  private static boolean isInitial(Path link) throws IOException {
    try {
      return Files.readSymbolicLink(link).toString().equals(INITIAL);
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** The lines of {@code uid_map} or {@code gid_map}. */
  static List<Range> parse(String map) {
    List<Range> ranges = new ArrayList<>();
    for (String line : map.split("\n", -1)) {
      if (!line.isBlank()) {
        String[] words = line.trim().split(" +", -1);
        ranges.add(
            new Range(
                Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
      }
    }
    return ranges;
  }

  /** Whether root is the only user and the only group that there is: the single-ID mode. */
  public boolean mapsOnlyRoot() {
    return isOnlyRoot(uids) && isOnlyRoot(gids);
  }

  private static boolean isOnlyRoot(List<Range> ranges) {
    return ranges.size() == 1 && ranges.get(0).inside() == 0 && ranges.get(0).count() == 1;
  }

  public boolean mapsUid(long uid) {
    return uids.stream().anyMatch(range -> range.holds(uid));
  }

  public boolean mapsGid(long gid) {
    return gids.stream().anyMatch(range -> range.holds(gid));
  }

  /** What is to be said of an owner that does not exist here; empty for one that does. */
  public Optional<String> unmapped(long uid, long gid) {
    if (!mapsUid(uid)) {
      return Optional.of(unmapped("user", uid, uids, "/etc/subuid", "--add-subuids"));
    }
    return mapsGid(gid)
        ? Optional.empty()
        : Optional.of(unmapped("group", gid, gids, "/etc/subgid", "--add-subgids"));
  }

  private static String unmapped(
      String what, long id, List<Range> ranges, String file, String option) {
    long count = ranges.stream().mapToLong(Range::count).sum();
    return what
        + " "
        + id
        + " does not exist in this user namespace, which has "
        + count
        + (count == 1 ? " id" : " ids")
        + ": root adds a range to "
        + file
        + " with usermod "
        + option
        + " FIRST-LAST USER";
  }

  /** What user 0 is outside: root itself, or the user who started jbuild. Empty if not mapped. */
  public OptionalLong rootOutside() {
    return uids.stream()
        .filter(range -> range.holds(0))
        .mapToLong(range -> range.outside() - range.inside())
        .findFirst();
  }
}
