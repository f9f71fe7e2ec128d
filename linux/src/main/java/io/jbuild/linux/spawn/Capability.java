package io.jbuild.linux.spawn;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kernel's capabilities in the order of their numbers. */
public enum Capability {
  CHOWN,
  DAC_OVERRIDE,
  DAC_READ_SEARCH,
  FOWNER,
  FSETID,
  KILL,
  SETGID,
  SETUID,
  SETPCAP,
  LINUX_IMMUTABLE,
  NET_BIND_SERVICE,
  NET_BROADCAST,
  NET_ADMIN,
  NET_RAW,
  IPC_LOCK,
  IPC_OWNER,
  SYS_MODULE,
  SYS_RAWIO,
  SYS_CHROOT,
  SYS_PTRACE,
  SYS_PACCT,
  SYS_ADMIN,
  SYS_BOOT,
  SYS_NICE,
  SYS_RESOURCE,
  SYS_TIME,
  SYS_TTY_CONFIG,
  MKNOD,
  LEASE,
  AUDIT_WRITE,
  AUDIT_CONTROL,
  SETFCAP,
  MAC_OVERRIDE,
  MAC_ADMIN,
  SYSLOG,
  WAKE_ALARM,
  BLOCK_SUSPEND,
  AUDIT_READ,
  PERFMON,
  BPF,
  CHECKPOINT_RESTORE;

  public int number() {
    return ordinal();
  }

  public long bit() {
    return 1L << ordinal();
  }

  public static long bits(Set<Capability> capabilities) {
    return capabilities.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b);
  }

  /** Reads {@code NET_RAW} or {@code cap_net_raw}, in any case. */
  public static Optional<Capability> parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("CAP_") ? upper.substring(4) : upper;
    for (Capability capability : values()) {
      if (capability.name().equals(name)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "CAP_" + name();
  }
}
