package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The machine's git, as every run of it begins: an environment of a few variables, no configuration
 * of the machine or the user, no hooks, no helpers, no questions.
 */
final class GitProgram {
  /** What the way to a server may need of our own environment. */
  private static final List<String> PASSED =
      List.of(
          "PATH",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "ALL_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "all_proxy",
          "no_proxy",
          "GIT_SSL_CAINFO",
          "GIT_SSL_CAPATH",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "TMPDIR");

  /**
   * Keys of hosts are taken on trust at the first meeting only, and kept beside the repositories;
   * those that the user knows already count as well. Of keys only the agent's are tried: a
   * Buildfile shall not reach what its author may not, but whoever starts the build may.
   */
  private static final String SSH =
      "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new"
          + " -o 'UserKnownHostsFile=known_hosts ~/.ssh/known_hosts'"
          + " -o IdentityFile=none -o ConnectTimeout=30 -o ServerAliveInterval=30"
          + " -o ForwardAgent=no -o ForwardX11=no";

  private static final List<String> SETTINGS =
      List.of(
          "core.hooksPath=/dev/null",
          "core.attributesFile=/dev/null",
          "core.fsmonitor=false",
          "core.askPass=",
          "credential.helper=",
          "gc.auto=0",
          "maintenance.auto=false",
          "init.defaultBranch=master",
          "init.templateDir=",
          "fetch.unpackLimit=1",
          "fetch.recurseSubmodules=false",
          "tar.umask=0022",
          "http.lowSpeedLimit=1",
          "http.lowSpeedTime=300");

  private static final Pattern VERSION = Pattern.compile("git version ([0-9]{1,4})\\.([0-9]{1,4})");

  /** 2.31: the first that takes settings from its environment, where no other user sees them. */
  private static final int OLDEST = 2031;

  private final Path directory;
  private final Map<String, String> machine;
  private final Cancellation cancellation;
  private @Nullable Path program;

  /**
   * A program that runs in a directory.
   *
   * @param directory ours: git's home, with nothing in it that it would read
   * @param machine the environment that a few variables are taken from
   */
  GitProgram(Path directory, Map<String, String> machine, Cancellation cancellation) {
    this.directory = directory;
    this.machine = Map.copyOf(machine);
    this.cancellation = cancellation;
  }

  GitRun run(String command, String... arguments)
      throws IOException, UserException, InterruptedException {
    return new GitRun(
        program(), directory, environment(), SETTINGS, cancellation, command, List.of(arguments));
  }

  /** The program, looked for once. An older one would not see the settings, and say nothing. */
  private synchronized Path program() throws IOException, UserException, InterruptedException {
    Path known = program;
    if (known != null) {
      return known;
    }
    Path found = find();
    String version =
        new GitRun(found, directory, environment(), SETTINGS, cancellation, "version", List.of())
            .text();
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.lookingAt()
        || Integer.parseInt(numbers.group(1)) * 1000 + Integer.parseInt(numbers.group(2))
            < OLDEST) {
      throw new UserException(
          "\"" + GitMessages.printable(version.strip(), 80) + "\" is too old", "install git 2.31");
    }
    program = found;
    return found;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (String name : PASSED) {
      String value = machine.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.put("HOME", directory.toString());
    environment.put("LC_ALL", "C");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_SYSTEM", "/dev/null");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_ATTR_NOSYSTEM", "1");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_ALLOW_PROTOCOL", "https:http:ssh:git");
    environment.put("GIT_LITERAL_PATHSPECS", "1");
    environment.put("GIT_NO_REPLACE_OBJECTS", "1");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    // A directory above the store may well be a working copy of something.
    environment.put("GIT_CEILING_DIRECTORIES", String.valueOf(directory.getParent()));
    environment.put("GIT_SSH_COMMAND", SSH + " -o IdentityAgent=none");
    return environment;
  }

  static String sshWithAgent() {
    return SSH + " -o IdentityAgent=SSH_AUTH_SOCK";
  }

  private Path find() throws UserException {
    List<Path> candidates = new ArrayList<>();
    for (String entry : machine.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (entry.startsWith("/")) {
        candidates.add(Path.of(entry, "git"));
      }
    }
    return candidates.stream()
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "git repositories are fetched by the program git, which is not installed",
                    "install git"));
  }
}
