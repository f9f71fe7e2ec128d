package io.jbuild.builder.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What hints know about programs that install things. */
enum Tool {
  APT("apt-get apt", "update", "/var/lib/apt/lists"),
  APK("apk", "add update", "/var/cache/apk"),
  DNF("dnf microdnf", "install update upgrade", "/var/cache/dnf"),
  YUM("yum", "install update upgrade", "/var/cache/yum"),
  ZYPPER("zypper", "install in refresh", "/var/cache/zypp"),
  PIP("pip pip3", "install", "/root/.cache/pip"),
  NPM("npm", "install ci", "/root/.npm"),
  YARN("yarn", "install", "/usr/local/share/.cache/yarn"),
  GO("go", "mod", "/go/pkg/mod"),
  CARGO("cargo", "fetch build", "/usr/local/cargo/registry"),
  MAVEN("mvn", "package install verify", "/root/.m2");

  private final String programs;
  private final String filling;
  private final String cache;

  /**
   * @param programs its names, apart by blanks
   * @param filling the commands that leave something in the cache
   */
  Tool(String programs, String filling, String cache) {
    this.programs = programs;
    this.filling = filling;
    this.cache = cache;
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  /** The name that most people know it by. */
  String program() {
    return words(programs).get(0);
  }

  static Optional<Tool> of(List<String> command) {
    String program = command.get(0).substring(command.get(0).lastIndexOf('/') + 1);
    for (Tool tool : values()) {
      if (words(tool.programs).contains(program)) {
        return Optional.of(tool);
      }
    }
    return Optional.empty();
  }

  /** Directories that this command fills with what the image does not need. */
  List<String> fills(List<String> command) {
    boolean kept =
        words(filling).contains(verb(command))
            && !command.contains("--no-cache")
            && !command.contains("--no-cache-dir");
    return kept ? List.of(cache) : List.of();
  }

  /** Directories that this command empties. */
  List<String> empties(List<String> command) {
    List<String> operands = operands(command);
    boolean cleans =
        switch (this) {
          // apt-get clean leaves the lists, and Debian's images keep no archives
          case APT -> false;
          case APK, PIP, NPM, YARN ->
              operands.size() > 1
                  && operands.get(0).equals("cache")
                  && Set.of("clean", "purge").contains(operands.get(1));
          case GO -> operands.contains("clean") && command.contains("-modcache");
          default -> operands.contains("clean");
        };
    return cleans ? List.of(cache) : List.of();
  }

  /** Packages of the system that this command installs. */
  List<String> installs(List<String> command) {
    return packages(command, Set.of("install", "add", "in"));
  }

  /** Packages of the system that this command removes. */
  List<String> removes(List<String> command) {
    return packages(command, Set.of("remove", "purge", "del", "erase", "autoremove"));
  }

  private List<String> packages(List<String> command, Set<String> verbs) {
    boolean system = Set.of(APT, APK, DNF, YUM, ZYPPER).contains(this);
    List<String> operands = new ArrayList<>(operands(command));
    if (!system || operands.isEmpty() || !verbs.contains(operands.remove(0))) {
      return List.of();
    }
    operands.replaceAll(Tool::plainName);
    return operands;
  }

  /** {@code curl=8.1-1}, {@code libc6:arm64}: without version and architecture. */
  private static String plainName(String name) {
    return name.split("[=<>~:]", 2)[0];
  }

  /**
   * Whether this command fetches what a manifest in the context lists, or packages of the system,
   * and so depends on few files or none.
   */
  boolean installsDependencies(List<String> command) {
    List<String> operands = operands(command);
    String verb = verb(command);
    return switch (this) {
      case APT, APK, DNF, YUM, ZYPPER -> !installs(command).isEmpty();
      case PIP ->
          verb.equals("install") && (command.contains("-r") || command.contains("--requirement"));
      case NPM -> verb.equals("ci") || (verb.equals("install") && operands.size() == 1);
      case YARN -> command.size() == 1 || verb.equals("install") || operands.isEmpty();
      case GO -> operands.equals(List.of("mod", "download"));
      case CARGO -> verb.equals("fetch");
      case MAVEN -> operands.stream().anyMatch(o -> o.startsWith("dependency:"));
    };
  }

  private static String verb(List<String> command) {
    return operands(command).stream().findFirst().orElse("");
  }

  /** Words that are no options; options whose value is a word of its own are rare enough. */
  private static List<String> operands(List<String> command) {
    List<String> operands = new ArrayList<>();
    for (int i = 1; i < command.size(); i++) {
      String word = command.get(i);
      if (word.equals("-t") || word.equals("--virtual")) {
        continue; // the name of a group of packages, which is removed as one is
      }
      if (!word.startsWith("-")) {
        operands.add(word);
      }
    }
    return operands;
  }
}
