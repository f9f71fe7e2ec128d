package io.jbuild.registry.credentials;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The user's credential file as Docker, Podman and others write it: {@code credHelpers} for a host
 * first, then {@code credsStore}, then {@code auths}. Read when it is asked, not before; a file
 * that is not there knows nobody.
 */
public final class DockerConfig implements CredentialSource {
  private static final int MAX_FILE = 1 << 20;
  private static final Duration HELPER_TIMEOUT = Duration.ofSeconds(30);
  private static final String HUB = "docker.io";

  /** What Docker has called its own registry, newest last; the first is the name helpers know. */
  private static final List<String> HUB_KEYS =
      List.of("https://index.docker.io/v1/", "index.docker.io", HUB);

  private final Path file;
  private final String searchPath;
  private final Duration helperTimeout;
  private final Consumer<String> notices;

  /**
   * A file, and where its helpers are found.
   *
   * @param searchPath the user's PATH
   * @param notices told once per look-up when others may read the file
   */
  public DockerConfig(Path file, String searchPath, Consumer<String> notices) {
    this(file, searchPath, HELPER_TIMEOUT, notices);
  }

  DockerConfig(Path file, String searchPath, Duration helperTimeout, Consumer<String> notices) {
    this.file = file;
    this.searchPath = searchPath;
    this.helperTimeout = helperTimeout;
    this.notices = notices;
  }

  /** The file that this environment names: REGISTRY_AUTH_FILE, DOCKER_CONFIG, or the usual one. */
  public static DockerConfig of(
      Map<String, String> environment, Path home, Consumer<String> notices) {
    String authFile = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    Path file;
    if (!authFile.isEmpty()) {
      file = Path.of(authFile);
    } else if (!folder.isEmpty()) {
      file = Path.of(folder, "config.json");
    } else {
      file = home.resolve(".docker").resolve("config.json");
    }
    return new DockerConfig(file, environment.getOrDefault("PATH", ""), notices);
  }

  @Override
  public Optional<Credential> find(String registry) throws IOException {
    Optional<JsonObject> config = read();
    if (config.isEmpty()) {
      return Optional.empty();
    }
    try {
      return find(config.get(), registry);
    } catch (MalformedException e) {
      throw new CredentialException(place() + e.getMessage(), e);
    }
  }

  private Optional<Credential> find(JsonObject config, String registry) throws IOException {
    List<String> keys = registry.equals(HUB) ? HUB_KEYS : List.of(registry);
    JsonObject helpers = config.optionalObject("credHelpers").orElse(JsonObject.EMPTY);
    for (String key : keys) {
      Optional<String> helper = helpers.optionalString(key).filter(name -> !name.isEmpty());
      if (helper.isPresent()) {
        return helper(helper.get()).get(keys.get(0)); // its answer is final: no other source
      }
    }
    Optional<String> store = config.optionalString("credsStore").filter(name -> !name.isEmpty());
    if (store.isPresent()) {
      Optional<Credential> stored = helper(store.get()).get(keys.get(0));
      if (stored.isPresent()) {
        return stored;
      }
    }
    return entry(config.optionalObject("auths").orElse(JsonObject.EMPTY), keys);
  }

  private CredentialHelper helper(String name) throws CredentialException {
    return new CredentialHelper(name, searchPath, helperTimeout);
  }

  private static Optional<Credential> entry(JsonObject auths, List<String> keys)
      throws MalformedException {
    Map<String, JsonValue> byHost = new LinkedHashMap<>();
    auths.fields().forEach((key, value) -> byHost.putIfAbsent(host(key), value));
    auths.fields().forEach((key, value) -> byHost.computeIfPresent(key, (k, old) -> value));
    for (String key : keys) {
      JsonValue value = byHost.get(host(key));
      if (value != null) {
        Optional<Credential> credential = credential(value.asObject());
        if (credential.isPresent()) {
          return credential;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The {@code host[:port]} that a key stands for. Old Docker wrote an address with its API
   * version; any other path stays in the key, which then matches no host: it was meant for a part
   * of one.
   */
  private static String host(String key) {
    String host = key;
    if (key.startsWith("https://")) {
      host = key.substring("https://".length());
    } else if (key.startsWith("http://")) {
      host = key.substring("http://".length());
    }
    for (String end : List.of("/v1/", "/v2/", "/v1", "/v2", "/")) {
      if (host.endsWith(end)) {
        return host.substring(0, host.length() - end.length());
      }
    }
    return host;
  }

  private static Optional<Credential> credential(JsonObject entry) throws MalformedException {
    String identity = entry.stringOrEmpty("identitytoken");
    if (!identity.isEmpty()) {
      return Optional.of(new Credential.IdentityToken(identity));
    }
    String bearer = entry.stringOrEmpty("registrytoken");
    if (!bearer.isEmpty()) {
      return Optional.of(new Credential.RegistryToken(bearer));
    }
    String auth = entry.stringOrEmpty("auth");
    if (!auth.isEmpty()) {
      return Optional.of(decode(auth));
    }
    String user = entry.stringOrEmpty("username");
    return user.isEmpty()
        ? Optional.empty()
        : Optional.of(pair(user, entry.stringOrEmpty("password")));
  }

  private static Credential decode(String auth) throws MalformedException {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("\"auth\" is not base64");
    }
    int colon = pair.indexOf(':');
    if (colon <= 0) {
      throw new MalformedException("\"auth\" is not user:password in base64");
    }
    // Docker pads passwords with NUL on some platforms
    String password = pair.substring(colon + 1).replaceAll("\0+$", "");
    return pair(pair.substring(0, colon), password);
  }

  private static Credential pair(String user, String password) throws MalformedException {
    if (user.indexOf(':') >= 0) {
      throw new MalformedException("a user name contains ':'");
    }
    return new Credential.UserPassword(user, password);
  }

  private Optional<JsonObject> read() throws CredentialException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE + 1);
      if (bytes.length > MAX_FILE) {
        throw new CredentialException(place() + "longer than " + MAX_FILE + " bytes");
      }
      warnIfShared();
      return bytes.length == 0 ? Optional.empty() : Optional.of(Json.readObject(bytes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedException e) {
      throw new CredentialException(place() + e.getMessage(), e);
    } catch (CredentialException e) {
      throw e;
    } catch (IOException e) {
      throw new CredentialException(place() + "cannot be read: " + e, e);
    }
  }

  private void warnIfShared() throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (mode.contains(PosixFilePermission.OTHERS_READ)) {
      notices.accept(place() + "every user of this machine can read it; chmod 600 it");
    }
  }

  private String place() {
    return "credentials in \"" + file + "\": ";
  }
}
