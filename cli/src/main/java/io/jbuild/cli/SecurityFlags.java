package io.jbuild.cli;

import io.jbuild.builder.SecurityOptions;
import io.jbuild.isolation.KernelPaths;
import io.jbuild.isolation.lsm.SecurityLabels;
import io.jbuild.isolation.seccomp.CallProfile;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a command may do beyond the usual, or not even that. */
final class SecurityFlags {
  @Option(
      names = "--cap-add",
      paramLabel = "NAME",
      split = ",",
      description = "A capability more for commands, for example NET_RAW; ALL for all.")
  List<String> added = List.of();

  @Option(
      names = "--cap-drop",
      paramLabel = "NAME",
      split = ",",
      description = "A capability less for commands; ALL for none but those of --cap-add.")
  List<String> dropped = List.of();

  @Option(
      names = "--security-opt",
      paramLabel = "OPTION",
      description = {
        "no-new-privileges; seccomp=unconfined or =FILE, a profile as Docker takes it;",
        "mask=PATH[:PATH], unmask=PATH[:PATH] or ALL, of /proc and /sys;",
        "apparmor=PROFILE or unconfined; label=disable, type:TYPE, level:LEVEL, ..."
      })
  List<String> options = List.of();

  private boolean noNewPrivileges;
  private boolean filterCalls = true;
  private Optional<CallProfile> profile = Optional.empty();
  private final List<String> masked = new ArrayList<>();
  private final List<String> unmasked = new ArrayList<>();
  private SecurityLabels labels = SecurityLabels.USUAL;

  /** What is asked for; not to be called twice. */
  SecurityOptions options(boolean privileged) throws IOException {
    Set<Capability> more = capabilities("--cap-add", added);
    Set<Capability> fewer = capabilities("--cap-drop", dropped);
    boolean all = more.size() == Capability.values().length;
    boolean none = fewer.size() == Capability.values().length;
    for (Capability capability : more) {
      if (fewer.contains(capability) && !all && !none) {
        throw new TypeConversionException(capability + " is both added and dropped");
      }
    }
    if (all && none) {
      throw new TypeConversionException("all capabilities are both added and dropped");
    }
    for (String option : options) {
      read(option);
    }
    return new SecurityOptions(
        privileged,
        more,
        fewer,
        noNewPrivileges,
        filterCalls,
        profile,
        new KernelPaths(masked, unmasked),
        labels);
  }

  private static Set<Capability> capabilities(String option, List<String> names) {
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (String name : names) {
      if (name.equalsIgnoreCase("ALL")) {
        return EnumSet.allOf(Capability.class);
      }
      capabilities.add(
          Capability.parse(name)
              .orElseThrow(
                  () ->
                      new TypeConversionException(
                          option + ": there is no capability '" + name + "', as NET_RAW is one")));
    }
    return capabilities;
  }

  /** {@code key}, {@code key=value}, and {@code key:value} as older versions of Docker had it. */
  private void read(String option) throws IOException {
    String[] parts = option.split("[=:]", 2);
    String value = parts.length < 2 ? "" : parts[1];
    switch (parts[0]) {
      case "no-new-privileges" -> noNewPrivileges = flag(option, value);
      case "seccomp" -> seccomp(value);
      case "mask" -> masked.addAll(paths(option, value));
      case "unmask" -> unmasked.addAll(unmask(option, value));
      case "systempaths" -> unmasked.addAll(unmask(option, value.replace("unconfined", "ALL")));
      case "apparmor" ->
          labels = labels.withAppArmor(checked(option, value, SecurityLabels::isProfile));
      case "label" -> label(option, value);
      default ->
          throw new TypeConversionException(
              "--security-opt knows no-new-privileges, seccomp, mask, unmask, apparmor and label,"
                  + " not '"
                  + option
                  + "'");
    }
  }

  private static boolean flag(String option, String value) {
    return switch (value) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw new TypeConversionException("--security-opt " + option + ": true or false");
    };
  }

  private void seccomp(String value) throws IOException {
    filterCalls = !value.equals(SecurityLabels.UNCONFINED);
    if (!filterCalls || value.equals("builtin")) {
      profile = Optional.empty();
      return;
    }
    String what = "--security-opt seccomp: '" + value + "'";
    Path file = Path.of(value);
    if (!Files.isRegularFile(file)) {
      throw new TypeConversionException(what + " is no file, and neither unconfined nor builtin");
    }
    try (InputStream in = Files.newInputStream(file)) {
      profile = Optional.of(CallProfile.parse(in.readNBytes(Json.MAX_BYTES + 1)));
    } catch (MalformedException e) {
      throw new TypeConversionException(what + ": " + e.getMessage());
    }
  }

  private static List<String> unmask(String option, String value) {
    return value.equalsIgnoreCase("ALL") ? KernelPaths.ALL : paths(option, value);
  }

  private static List<String> paths(String option, String value) {
    List<String> paths = List.of(value.split(":", -1));
    for (String path : paths) {
      if (!KernelPaths.isKernelPath(path)) {
        throw new TypeConversionException(
            "--security-opt " + option + ": '" + path + "' is not a path below /proc or /sys");
      }
    }
    return paths;
  }

  private void label(String option, String value) {
    if (value.equals("disable")) {
      labels = labels.withoutSelinux();
      return;
    }
    String[] parts = value.split(":", 2);
    for (SecurityLabels.Part part : SecurityLabels.Part.values()) {
      if (parts.length == 2 && part.name().toLowerCase(Locale.ROOT).equals(parts[0])) {
        labels = labels.withPart(part, checked(option, parts[1], SecurityLabels::isPart));
        return;
      }
    }
    throw new TypeConversionException(
        "--security-opt "
            + option
            + ": a label is disable, or one of user:, role:, type:, level:, filetype:");
  }

  private static String checked(String option, String value, Predicate<String> good) {
    if (!good.test(value)) {
      throw new TypeConversionException("--security-opt " + option + ": that is no name");
    }
    return value;
  }
}
