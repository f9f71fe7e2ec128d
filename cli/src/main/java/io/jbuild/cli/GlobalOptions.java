package io.jbuild.cli;

import io.jbuild.builder.EngineSettings;
import io.jbuild.linux.Self;
import io.jbuild.overlay.StorageDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** Options of the root that every command inherits: they stand before or after its name. */
final class GlobalOptions {
  /** Those that take a value, as the next word or behind an equals sign. */
  private static final Set<String> VALUED =
      Set.of("--store", "--storage-driver", "--insecure-registry");

  /** Set by the launcher for whoever is root of a user namespace only: their number outside. */
  private static final String USER = "jbuild.user";

  private static final Path MACHINE_STORE_PARENT = Path.of("/var/lib");

  @Option(
      names = "--store",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "Where images, layers and cache are kept (default: $JBUILD_STORE, else /var/lib/jbuild"
              + " for root and $XDG_DATA_HOME/jbuild or ~/.local/share/jbuild for others).")
  @Nullable Path store;

  @Option(
      names = "--storage-driver",
      scope = ScopeType.INHERIT,
      paramLabel = "overlay|fuse-overlayfs|copy",
      description =
          "How layers become a root filesystem (default: $JBUILD_STORAGE_DRIVER, else the first of"
              + " these that works).")
  @Nullable String storageDriver;

  @Option(
      names = {"-D", "--debug"},
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  boolean debug;

  @Option(
      names = "--insecure-registry",
      scope = ScopeType.INHERIT,
      paramLabel = "HOST[:PORT]",
      description = "Speak plain HTTP with this registry; loopback registries need no such leave.")
  List<String> insecureRegistries = List.of();

  /** How many words at the beginning of a line are global options and their values. */
  static int count(List<String> line) {
    int words = 0;
    while (words < line.size() && isGlobal(line.get(words))) {
      words += VALUED.contains(line.get(words)) ? 2 : 1;
    }
    return Math.min(words, line.size());
  }

  private static boolean isGlobal(String word) {
    return word.equals("-D")
        || word.equals("--debug")
        || VALUED.stream().anyMatch(name -> word.equals(name) || word.startsWith(name + "="));
  }

  EngineSettings settings() {
    EngineSettings defaults = EngineSettings.of(storeDirectory());
    Set<String> plainHttp = new HashSet<>(insecureRegistries);
    return new EngineSettings(
        defaults.store(),
        defaults.jobs(),
        registryConfig(),
        plainHttp,
        defaults.mechanism(),
        driver());
  }

  EngineSettings settings(int jobs) {
    EngineSettings defaults = settings();
    return new EngineSettings(
        defaults.store(),
        jobs,
        defaults.registryConfig(),
        defaults.plainHttp(),
        defaults.mechanism(),
        defaults.storageDriver());
  }

  private Optional<StorageDriver> driver() {
    return storageDriver != null
        ? Optional.of(driver("--storage-driver", storageDriver))
        : environment("JBUILD_STORAGE_DRIVER").map(name -> driver("JBUILD_STORAGE_DRIVER", name));
  }

  private static StorageDriver driver(String what, String name) {
    return StorageDriver.parse(name)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    what + " is overlay, fuse-overlayfs or copy, not '" + name + "'"));
  }

  Path storeDirectory() {
    if (store != null) {
      return store;
    }
    Optional<String> fromEnvironment = environment("JBUILD_STORE");
    if (fromEnvironment.isPresent()) {
      return Path.of(fromEnvironment.get());
    }
    if (Self.isRoot()
        && Integer.getInteger(USER) == null
        && Files.isWritable(MACHINE_STORE_PARENT)) {
      return MACHINE_STORE_PARENT.resolve("jbuild");
    }
    return environment("XDG_DATA_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute) // the XDG specification has programs ignore others
        .orElseGet(() -> home().resolve(Path.of(".local", "share")))
        .resolve("jbuild");
  }

  /** $HOME as every other program takes it; Java's own property comes from the user database. */
  private static Path home() {
    return Path.of(environment("HOME").orElseGet(() -> System.getProperty("user.home")));
  }

  private static Optional<Path> registryConfig() {
    return environment("REGISTRY_AUTH_FILE")
        .map(Path::of)
        .or(() -> environment("DOCKER_CONFIG").map(dir -> Path.of(dir, "config.json")));
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }
}
