package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rules of containerd's platforms package: parsing, normal names and order of preference. */
final class PlatformParser {
  private PlatformParser() {}

  static Platform parse(String text) throws MalformedException {
    String[] parts = text.split("/", -1);
    if (parts.length > 3) {
      throw malformed(text, "expected os/architecture[/variant]");
    }
    Optional<String> version = Optional.empty();
    int open = parts[0].indexOf('(');
    if (open >= 0 && parts[0].endsWith(")")) {
      version = Optional.of(parts[0].substring(open + 1, parts[0].length() - 1));
      parts[0] = parts[0].substring(0, open);
    }
    for (String part : parts) {
      checkPart(text, part);
    }
    if (version.isPresent()) {
      checkPart(text, version.get());
    }
    return parts.length == 1
        ? parseSingle(text, parts[0], version)
        : new Platform(
                parts[0],
                parts[1],
                parts.length == 3 ? Optional.of(parts[2]) : Optional.empty(),
                version,
                List.of())
            .normalised();
  }

  private static Platform parseSingle(String text, String part, Optional<String> version)
      throws MalformedException {
    Platform host = Platform.host();
    Platform asOs =
        new Platform(part, host.architecture(), host.variant(), version, List.of()).normalised();
    if (Platform.isKnownOs(asOs.os())) {
      return asOs;
    }
    Platform asArchitecture = Platform.of(host.os(), part).normalised();
    if (version.isEmpty() && Platform.isKnownArchitecture(asArchitecture.architecture())) {
      return asArchitecture;
    }
    throw malformed(text, "neither an operating system nor an architecture that is known");
  }

  private static void checkPart(String text, String part) throws MalformedException {
    if (!Platform.isPart(part)) {
      throw malformed(
          text,
          part.isEmpty()
              ? "a part is empty"
              : "a part has characters other than letters, digits, _.+-");
    }
  }

  private static MalformedException malformed(String text, String why) {
    return new MalformedException("invalid platform " + Printable.quote(text) + ": " + why);
  }

  static Platform normalise(Platform platform) {
    String os = platform.os().toLowerCase(Locale.ROOT);
    Machine machine =
        Machine.normalised(
            platform.architecture().toLowerCase(Locale.ROOT),
            platform.variant().orElse("").toLowerCase(Locale.ROOT));
    return new Platform(
        os.equals("macos") ? "darwin" : os,
        machine.architecture,
        machine.variant.isEmpty() ? Optional.empty() : Optional.of(machine.variant),
        platform.osVersion(),
        platform.osFeatures());
  }

  private record Machine(String architecture, String variant) {
    static Machine normalised(String architecture, String variant) {
      return switch (architecture) {
        case "i386", "386" -> new Machine("386", "");
        case "x86_64", "x86-64", "amd64" ->
            new Machine("amd64", variant.equals("v1") ? "" : variant);
        case "aarch64", "arm64" -> new Machine("arm64", arm64Variant(variant));
        case "armhf" -> new Machine("arm", "v7");
        case "armel" -> new Machine("arm", "v6");
        case "arm" -> new Machine("arm", armVariant(variant));
        default -> new Machine(architecture, variant);
      };
    }

    private static String arm64Variant(String variant) {
      return switch (variant) {
        case "8", "v8", "v8.0" -> "";
        case "9", "9.0", "v9.0" -> "v9";
        default -> variant;
      };
    }

    private static String armVariant(String variant) {
      return switch (variant) {
        case "", "7" -> "v7";
        case "5", "6", "8" -> "v" + variant;
        default -> variant;
      };
    }
  }

  /** What runs on the machine of a normalised platform, best first, as architecture[/variant]. */
  static List<String> preference(Platform wanted) {
    List<String> result = new ArrayList<>();
    result.add(wanted.machine());
    int level = level(wanted.variant().orElse(""));
    switch (wanted.architecture()) {
      case "amd64" -> {
        descend(result, "amd64/v", level - 1, 2);
        addNew(result, "amd64");
        addNew(result, "386");
      }
      case "arm64" -> {
        addNew(result, "arm64");
        descend(result, "arm/v", 8, 5);
      }
      case "arm" -> descend(result, "arm/v", level - 1, 5);
      default -> {
        // Only itself.
      }
    }
    return result;
  }

  private static void descend(List<String> result, String prefix, int from, int to) {
    for (int level = from; level >= to; level--) {
      addNew(result, prefix + level);
    }
  }

  private static void addNew(List<String> result, String machine) {
    if (!result.contains(machine)) {
      result.add(machine);
    }
  }

  /** 7 of {@code v7}; 0 of what has no such number. */
  private static int level(String variant) {
    boolean numbered =
        variant.length() == 2 && variant.charAt(0) == 'v' && Character.isDigit(variant.charAt(1));
    return numbered ? variant.charAt(1) - '0' : 0;
  }
}
