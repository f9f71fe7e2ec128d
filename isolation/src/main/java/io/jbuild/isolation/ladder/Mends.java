package io.jbuild.isolation.ladder;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The commands that mend things, in the words of this machine's distribution. */
final class Mends {
  /** A family of distributions, by the ID or ID_LIKE of os-release, and its package manager. */
  private enum Family {
    DEBIAN("apt-get install"),
    FEDORA("dnf install"),
    SUSE("zypper install"),
    ARCH("pacman -S"),
    ALPINE("apk add");

    private final String install;

    Family(String install) {
      this.install = install;
    }
  }

  private static final Map<String, Family> FAMILIES =
      Map.of(
          "debian", Family.DEBIAN,
          "ubuntu", Family.DEBIAN,
          "fedora", Family.FEDORA,
          "rhel", Family.FEDORA,
          "centos", Family.FEDORA,
          "suse", Family.SUSE,
          "opensuse", Family.SUSE,
          "arch", Family.ARCH,
          "alpine", Family.ALPINE);

  private static final Map<Family, String> ID_MAPPERS =
      Map.of(
          Family.DEBIAN, "uidmap",
          Family.FEDORA, "shadow-utils",
          Family.SUSE, "shadow",
          Family.ARCH, "shadow",
          Family.ALPINE, "shadow-uidmap");

  private final Family family;

  private Mends(Family family) {
    this.family = family;
  }

  /** By {@code os-release}; what it does not know is taken for a Debian. */
  static Mends of(Path etc) {
    String release = Surroundings.text(etc.resolve("os-release")).orElse("");
    String ids = value(release, "ID") + " " + value(release, "ID_LIKE");
    for (String id : ids.toLowerCase(Locale.ROOT).split(" ", -1)) {
      Family family = FAMILIES.get(id);
      if (family != null) {
        return new Mends(family);
      }
    }
    return new Mends(Family.DEBIAN);
  }

  private static String value(String release, String key) {
    for (String line : release.split("\n", -1)) {
      if (line.startsWith(key + "=")) {
        return line.substring(key.length() + 1).replace("\"", "");
      }
    }
    return "";
  }

  /** A package that has the same name everywhere. */
  Optional<String> install(String name) {
    return Optional.of(family.install + " " + name);
  }

  Optional<String> installIdMappers() {
    return install(ID_MAPPERS.getOrDefault(family, "uidmap"));
  }

  Optional<String> installInterpreters() {
    return install(
        family == Family.DEBIAN ? "qemu-user-static binfmt-support" : "qemu-user-static");
  }

  static Optional<String> sysctl(String name, String value) {
    return Optional.of("sysctl -w " + name + "=" + value);
  }
}
