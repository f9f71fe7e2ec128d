package io.jbuild.oci;

import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an image runs on: {@code linux/amd64}, {@code linux/arm/v7}, {@code
 * windows(10.0.17763)/amd64}.
 *
 * <p>Names are Go's, normalised when parsed ({@code x86_64} is {@code amd64}, {@code arm64/v8} is
 * {@code arm64}, {@code arm} is {@code arm/v7}), with the rules of containerd's platforms package.
 */
public record Platform(
    String os,
    String architecture,
    Optional<String> variant,
    Optional<String> osVersion,
    List<String> osFeatures) {

  private static final Set<String> KNOWN_OS =
      Set.of(
          "aix",
          "android",
          "darwin",
          "dragonfly",
          "freebsd",
          "illumos",
          "ios",
          "js",
          "linux",
          "netbsd",
          "openbsd",
          "plan9",
          "solaris",
          "wasip1",
          "windows");
  private static final Set<String> KNOWN_ARCHITECTURE =
      Set.of(
          "386",
          "amd64",
          "arm",
          "arm64",
          "loong64",
          "mips",
          "mips64",
          "mips64le",
          "mipsle",
          "ppc64",
          "ppc64le",
          "riscv64",
          "s390x",
          "sparc64",
          "wasm");
  private static final int MAX_LENGTH = 64;

  public Platform {
    osFeatures = List.copyOf(osFeatures);
    Optional<String> wrong = wrongPart(os, architecture, variant, osVersion, osFeatures);
    if (wrong.isPresent()) {
      throw new IllegalArgumentException("invalid platform: " + wrong.get());
    }
  }

  /** Without variant, version and features; not normalised. */
  public static Platform of(String os, String architecture) {
    return new Platform(os, architecture, Optional.empty(), Optional.empty(), List.of());
  }

  /** The machine that this JVM runs on. */
  public static Platform host() {
    String os = System.getProperty("os.name", "linux").toLowerCase(Locale.ROOT);
    String simple = os.startsWith("mac") ? "darwin" : os.startsWith("win") ? "windows" : os;
    return of(simple, System.getProperty("os.arch", "amd64")).normalised();
  }

  /**
   * {@code os}, {@code arch}, {@code os/arch} or {@code os/arch/variant}; the rest is the host's.
   */
  public static Platform parse(String text) throws MalformedException {
    return PlatformParser.parse(text);
  }

  /** The systems and architectures that are known, as they are normally written. */
  public static SortedSet<String> knownNames() {
    SortedSet<String> names = new TreeSet<>(KNOWN_OS);
    names.addAll(KNOWN_ARCHITECTURE);
    return names;
  }

  static boolean isKnownOs(String os) {
    return KNOWN_OS.contains(os);
  }

  static boolean isKnownArchitecture(String architecture) {
    return KNOWN_ARCHITECTURE.contains(architecture);
  }

  /** The one way to write this platform. */
  public Platform normalised() {
    return PlatformParser.normalise(this);
  }

  /** Whether an image for {@code offered} runs here, as is or as a lesser variant. */
  public boolean matches(Platform offered) {
    return rank(offered) >= 0;
  }

  /**
   * How well an image for {@code offered} suits: 0 is exact, more is worse, -1 does not run. The
   * order of containerd: lesser variants of the architecture, then the 32-bit one.
   */
  public int rank(Platform offered) {
    Platform wanted = normalised();
    Platform other = offered.normalised();
    boolean suits =
        wanted.os.equals(other.os)
            && (wanted.osVersion.isEmpty() || sameOsVersion(wanted, other))
            && wanted.osFeatures.containsAll(other.osFeatures);
    return suits ? PlatformParser.preference(wanted).indexOf(other.machine()) : -1;
  }

  /** Windows images fit by major, minor and build; a revision is a patch. */
  private static boolean sameOsVersion(Platform wanted, Platform other) {
    String want = wanted.osVersion.orElse("");
    String have = other.osVersion.orElse("");
    return have.isEmpty() || have.equals(want) || have.startsWith(want + ".");
  }

  /** Architecture and variant: {@code arm/v7}. */
  String machine() {
    return variant.map(v -> architecture + "/" + v).orElse(architecture);
  }

  /** From fields as in a descriptor or an image config. */
  public static Platform fromJson(JsonObject json) throws MalformedException {
    json.refuseLookalikes(List.of("architecture", "os", "os.version", "os.features", "variant"));
    String os = json.string("os");
    String architecture = json.string("architecture");
    Optional<String> variant = json.optionalString("variant").filter(v -> !v.isEmpty());
    Optional<String> version = json.optionalString("os.version").filter(v -> !v.isEmpty());
    List<String> features = json.strings("os.features");
    Optional<String> wrong = wrongPart(os, architecture, variant, version, features);
    if (wrong.isPresent()) {
      throw new MalformedException("invalid platform: " + wrong.get());
    }
    return new Platform(os, architecture, variant, version, features);
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("architecture", architecture)
        .put("os", os)
        .putIfAny("os.version", osVersion.orElse(""))
        .putIfAny("os.features", osFeatures)
        .putIfAny("variant", variant.orElse(""))
        .build();
  }

  private static Optional<String> wrongPart(
      String os,
      String architecture,
      Optional<String> variant,
      Optional<String> osVersion,
      List<String> osFeatures) {
    List<String> parts = new ArrayList<>(List.of(os, architecture));
    variant.ifPresent(parts::add);
    osVersion.ifPresent(parts::add);
    parts.addAll(osFeatures);
    return parts.stream().filter(part -> !isPart(part)).findFirst().map(Printable::quote);
  }

  /** Letters, digits, {@code _ . + -}: nothing that is a path, a URL or a second line. */
  static boolean isPart(String part) {
    return !part.isEmpty()
        && part.length() <= MAX_LENGTH
        && part.chars().anyMatch(c -> c != '.')
        && part.chars()
            .allMatch(
                c ->
                    (c >= '0' && c <= '9')
                        || (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || "_.+-".indexOf(c) >= 0);
  }

  @Override
  public String toString() {
    return os + osVersion.map(v -> "(" + v + ")").orElse("") + "/" + machine();
  }
}
