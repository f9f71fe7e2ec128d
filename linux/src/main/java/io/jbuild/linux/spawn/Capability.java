package io.jbuild.linux.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kernel's capabilities in the order of their numbers. */
public enum Capability {
  CHOWN(0),
  DAC_OVERRIDE(1),
  DAC_READ_SEARCH(2),
  FOWNER(3),
  FSETID(4),
  KILL(5),
  SETGID(6),
  SETUID(7),
  SETPCAP(8),
  LINUX_IMMUTABLE(9),
  NET_BIND_SERVICE(10),
  NET_BROADCAST(11),
  NET_ADMIN(12),
  NET_RAW(13),
  IPC_LOCK(14),
  IPC_OWNER(15),
  SYS_MODULE(16),
  SYS_RAWIO(17),
  SYS_CHROOT(18),
  SYS_PTRACE(19),
  SYS_PACCT(20),
  SYS_ADMIN(21),
  SYS_BOOT(22),
  SYS_NICE(23),
  SYS_RESOURCE(24),
  SYS_TIME(25),
  SYS_TTY_CONFIG(26),
  MKNOD(27),
  LEASE(28),
  AUDIT_WRITE(29),
  AUDIT_CONTROL(30),
  SETFCAP(31),
  MAC_OVERRIDE(32),
  MAC_ADMIN(33),
  SYSLOG(34),
  WAKE_ALARM(35),
  BLOCK_SUSPEND(36),
  AUDIT_READ(37),
  PERFMON(38),
  BPF(39),
  CHECKPOINT_RESTORE(40);

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public long bit() {
    return 1L << number;
  }

  public static long bits(Set<Capability> capabilities) {
    return capabilities.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b);
  }

  /** Those that this process has and can give away. */
  public static Set<Capability> held() throws IOException {
    EnumSet<Capability> held = EnumSet.allOf(Capability.class);
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapPrm:")) {
        long own = Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1).trim(), 16);
        held.removeIf(capability -> (own & capability.bit()) == 0);
      }
    }
    return held;
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
