package io.jbuild.isolation.ladder;

import io.jbuild.linux.Self;
import io.jbuild.linux.UserNamespace;
import io.jbuild.linux.spawn.Capability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who this process is.
 *
 * @param gid as it is when files are made
 * @param capabilities the effective set, as bits; 0 where /proc does not tell
 * @param ids the user namespace; empty where /proc does not tell
 * @param noNewPrivileges whether programs with the setuid bit have lost it
 * @param filtered whether a seccomp filter of somebody else's is over this process
 */
record Rights(
    long uid,
    long gid,
    long capabilities,
    Optional<UserNamespace> ids,
    boolean noNewPrivileges,
    boolean filtered) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int EFFECTIVE = 1;

  static Rights current() {
    Map<String, String> status = new TreeMap<>();
    for (String line : Surroundings.text(STATUS).orElse("").split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        status.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new Rights(
        Self.effectiveUid(),
        Long.parseLong(id(status.getOrDefault("Gid", ""))),
        Long.parseUnsignedLong(status.getOrDefault("CapEff", "0"), 16),
        namespace(),
        status.getOrDefault("NoNewPrivs", "0").equals("1"),
        !status.getOrDefault("Seccomp", "0").equals("0"));
  }

  private static String id(String four) {
    List<String> words = List.of(four.split("\\s+", -1));
    return words.size() > EFFECTIVE ? words.get(EFFECTIVE) : "0";
  }

  private static Optional<UserNamespace> namespace() {
    try {
      return Optional.of(UserNamespace.current());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean has(Capability capability) {
    return (capabilities & capability.bit()) != 0;
  }

  /** Whether it has the rights of root over its user namespace, whichever that is. */
  boolean administers() {
    return uid == 0 && has(Capability.SYS_ADMIN);
  }

  /** Whether it is root with the right to call chroot(2). */
  boolean changesRoot() {
    return uid == 0 && has(Capability.SYS_CHROOT);
  }

  boolean initial() {
    return ids.map(UserNamespace::isInitial).orElse(true);
  }

  /** The user's number on the machine, or as far out as can be seen. */
  long uidOutside() {
    return ids.filter(each -> uid == 0).map(each -> each.rootOutside().orElse(0)).orElse(uid);
  }
}
