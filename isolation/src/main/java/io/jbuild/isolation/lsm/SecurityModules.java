package io.jbuild.isolation.lsm;

import io.jbuild.isolation.lsm.SecurityLabels.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The security modules of this machine's kernel, and the labels that they take. */
public final class SecurityModules {
  /** Those of Podman and Docker, in the order in which they are taken where none is asked for. */
  private static final List<String> CONTAINER_PROFILES =
      List.of("containers-default-", "docker-default");

  /** Below /proc, where a process writes the SELinux label that its next exec shall have. */
  public static final String SELINUX_FILE = "self/attr/exec";

  private static final int CATEGORIES = 1024;

  private final Path root;
  private final SecureRandom random = new SecureRandom();

  private SecurityModules(Path root) {
    this.root = root;
  }

  /**
   * @param root {@code /}, or what a test has below another directory
   */
  public static SecurityModules at(Path root) {
    return new SecurityModules(root);
  }

  /**
   * A sandbox's labels; without one the command keeps jbuild's own.
   *
   * @param appArmor a profile
   * @param selinux the label of the command
   * @param mountContext the SELinux label of all files of the sandbox
   */
  public record Chosen(
      Optional<String> appArmor, Optional<String> selinux, Optional<String> mountContext) {
    static final Chosen NOTHING = new Chosen(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Below /proc, where a process writes the AppArmor profile that its next exec shall have. */
  public String appArmorFile() {
    String own = "self/attr/apparmor/exec";
    return Files.exists(root.resolve("proc").resolve(own)) ? own : SELINUX_FILE;
  }

  /**
   * Finds the labels for one sandbox.
   *
   * @throws IOException where one was asked for that this machine cannot give
   */
  public Chosen choose(SecurityLabels asked) throws IOException {
    Optional<String> profile = profile(asked);
    if (profile.isPresent()) {
      refuseParts(asked, "beside AppArmor");
      return new Chosen(profile, Optional.empty(), Optional.empty());
    }
    if (!Files.exists(root.resolve("sys/fs/selinux/enforce"))) {
      refuseParts(asked, "this kernel runs no SELinux");
      return Chosen.NOTHING;
    }
    return asked.selinux() ? selinux(asked) : Chosen.NOTHING;
  }

  private static void refuseParts(SecurityLabels asked, String why) throws IOException {
    if (!asked.parts().isEmpty()) {
      throw new IOException("a SELinux label was asked for: " + why);
    }
  }

  private Optional<String> profile(SecurityLabels asked) throws IOException {
    boolean enabled = isAppArmorEnabled();
    Optional<String> name = asked.appArmor();
    if (name.isEmpty()) {
      return enabled ? usualProfile() : Optional.empty();
    }
    if (name.get().equals(SecurityLabels.UNCONFINED)) {
      return Optional.empty();
    }
    if (!enabled) {
      throw new IOException(
          "the AppArmor profile \""
              + name.get()
              + "\" was asked for: this kernel runs no AppArmor");
    }
    Optional<List<String>> loaded = loadedProfiles();
    if (loaded.isPresent() && !loaded.get().contains(name.get())) {
      throw new IOException(
          "the AppArmor profile \""
              + name.get()
              + "\" is not loaded: apparmor_parser -r FILE loads one");
    }
    return name;
  }

  private boolean isAppArmorEnabled() throws IOException {
    Path enabled = root.resolve("sys/module/apparmor/parameters/enabled");
    return Files.isReadable(enabled) && Files.readString(enabled).startsWith("Y");
  }

  private Optional<String> usualProfile() throws IOException {
    List<String> loaded = loadedProfiles().orElse(List.of());
    return CONTAINER_PROFILES.stream()
        .flatMap(prefix -> loaded.stream().filter(name -> name.startsWith(prefix)).sorted())
        .findFirst();
  }

  /** Lines like {@code docker-default (enforce)}; empty where only root may read them. */
  private Optional<List<String>> loadedProfiles() throws IOException {
    Path profiles = root.resolve("sys/kernel/security/apparmor/profiles");
    if (!Files.isReadable(profiles)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(profiles)) {
      int mode = line.lastIndexOf(" (");
      names.add(mode < 0 ? line : line.substring(0, mode));
    }
    return Optional.of(names);
  }

  /** The policy's own labels for containers, with the parts that were asked for. */
  private Chosen selinux(SecurityLabels asked) throws IOException {
    Optional<String> process = policyContext("process");
    Optional<String> file = policyContext("file");
    if (process.isEmpty() || file.isEmpty()) {
      refuseParts(asked, "the SELinux policy of this machine has no labels for containers");
      return Chosen.NOTHING;
    }
    String level = asked.parts().getOrDefault(Part.LEVEL, randomLevel());
    String exec =
        label(
            process.get(),
            asked.parts().get(Part.USER),
            asked.parts().get(Part.ROLE),
            asked.parts().get(Part.TYPE),
            level);
    String files = label(file.get(), null, null, asked.parts().get(Part.FILETYPE), level);
    return new Chosen(Optional.empty(), Optional.of(exec), Optional.of(files));
  }

  private static String label(
      String base,
      @Nullable String user,
      @Nullable String role,
      @Nullable String type,
      String level)
      throws IOException {
    String[] parts = base.split(":", 4);
    if (parts.length < 3) {
      throw new IOException("\"" + base + "\" in lxc_contexts is no SELinux label");
    }
    return String.join(
        ":",
        user == null ? parts[0] : user,
        role == null ? parts[1] : role,
        type == null ? parts[2] : type,
        level);
  }

  /** Two categories keep sandboxes apart from each other. */
  private String randomLevel() {
    int low = random.nextInt(CATEGORIES - 1);
    int high = low + 1 + random.nextInt(CATEGORIES - 1 - low);
    return "s0:c" + low + ",c" + high;
  }

  private Optional<String> policyContext(String key) throws IOException {
    Optional<String> policy = value(root.resolve("etc/selinux/config"), "SELINUXTYPE");
    return policy.isEmpty()
        ? Optional.empty()
        : value(
            root.resolve("etc/selinux").resolve(policy.get()).resolve("contexts/lxc_contexts"),
            key);
  }

  /** {@code key = "value"}, with or without quotes and spaces. */
  private static Optional<String> value(Path file, String key) throws IOException {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.substring(0, equals).trim().equals(key)) {
        return Optional.of(line.substring(equals + 1).trim().replace("\"", ""));
      }
    }
    return Optional.empty();
  }
}
