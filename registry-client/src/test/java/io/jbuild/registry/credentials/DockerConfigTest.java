package io.jbuild.registry.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerConfigTest {
  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();
  private Path programs;

  @BeforeEach
  void makeFolders() throws IOException {
    programs = Files.createDirectory(folder.resolve("bin"));
  }

  private Optional<Credential> find(String config, String registry) throws IOException {
    return find(config, registry, Duration.ofSeconds(20));
  }

  private Optional<Credential> find(String config, String registry, Duration timeout)
      throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, config);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return new DockerConfig(file, "relative:" + programs, timeout, notices::add).find(registry);
  }

  private void helper(String name, String script) throws IOException {
    Path program = programs.resolve("docker-credential-" + name);
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private static Optional<Credential> login(String user, String password) {
    return Optional.of(new Credential.UserPassword(user, password));
  }

  /** {@code me:s3cret}. */
  private static final String AUTH = "{\"auth\":\"bWU6czNjcmV0\"}";

  @Test
  void auths_byExactHostAndPort() throws IOException {
    String config = "{\"auths\":{\"r.example:5000\":" + AUTH + "}}";
    assertEquals(login("me", "s3cret"), find(config, "r.example:5000"));
    for (String other :
        List.of("r.example", "r.example:5001", "r.example:5000.evil", "evil/r.example:5000", "")) {
      assertEquals(Optional.empty(), find(config, other), other);
    }
  }

  @Test
  void auths_oldAddressForms() throws IOException {
    for (String key :
        List.of(
            "https://r.example", "http://r.example/", "https://r.example/v1/", "r.example/v2/")) {
      assertEquals(
          login("me", "s3cret"), find("{\"auths\":{\"" + key + "\":" + AUTH + "}}", "r.example"));
    }
    String partial = "{\"auths\":{\"r.example/team\":" + AUTH + "}}";
    assertEquals(Optional.empty(), find(partial, "r.example"));
  }

  @Test
  void auths_dockerHubAliasesForDockerHubOnly() throws IOException {
    for (String key : List.of("https://index.docker.io/v1/", "index.docker.io", "docker.io")) {
      String config = "{\"auths\":{\"" + key + "\":" + AUTH + "}}";
      assertEquals(login("me", "s3cret"), find(config, "docker.io"), key);
      assertEquals(Optional.empty(), find(config, "docker.io.evil.com"));
      assertEquals(Optional.empty(), find(config, "registry-1.docker.io"));
    }
  }

  @Test
  void auths_otherForms() throws IOException {
    assertEquals(
        Optional.of(new Credential.IdentityToken("tok")),
        find("{\"auths\":{\"r\":{\"auth\":\"bWU6\",\"identitytoken\":\"tok\"}}}", "r"));
    assertEquals(
        Optional.of(new Credential.RegistryToken("tok")),
        find("{\"auths\":{\"r\":{\"registrytoken\":\"tok\"}}}", "r"));
    assertEquals(
        login("u", "p:q"),
        find("{\"auths\":{\"r\":{\"username\":\"u\",\"password\":\"p:q\"}}}", "r"));
    assertEquals(Optional.empty(), find("{\"auths\":{\"r\":{}}}", "r"));
  }

  @Test
  void file_absent_knowsNobody() throws IOException {
    Path absent = folder.resolve("absent.json");
    assertEquals(Optional.empty(), new DockerConfig(absent, "", notices::add).find("r"));
  }

  @Test
  void file_broken_isAnErrorThatHidesItsContent() {
    for (String config :
        List.of(
            "hunter2",
            "{\"auths\":{\"r\":{\"auth\":\"hunter2!\"}}}",
            "{\"auths\":{\"r\":{\"auth\":\"aHVudGVyMg==\"}}}")) {
      CredentialException failure =
          assertThrows(CredentialException.class, () -> find(config, "r"));
      assertTrue(message(failure).contains("config.json"), message(failure));
      assertTrue(!message(failure).contains("hunter2"), message(failure));
      assertTrue(!message(failure).contains("aHVudGVyMg"), message(failure));
    }
  }

  @Test
  void file_readableByAll_isNoticed() throws IOException {
    Path file = Files.writeString(folder.resolve("open.json"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    new DockerConfig(file, "", notices::add).find("r");
    assertTrue(notices.get(0).contains("chmod 600"), notices.toString());
  }

  @Test
  void environment_choosesTheFile() throws IOException {
    Path file =
        Files.writeString(folder.resolve("config.json"), "{\"auths\":{\"r\":" + AUTH + "}}");
    Map<String, String> docker = Map.of("DOCKER_CONFIG", folder.toString());
    Map<String, String> podman = Map.of("REGISTRY_AUTH_FILE", file.toString());
    for (Map<String, String> environment : List.of(docker, podman)) {
      DockerConfig config = DockerConfig.of(environment, Path.of("/nonexistent"), notices::add);
      assertEquals(login("me", "s3cret"), config.find("r"));
    }
    assertEquals(
        Optional.empty(),
        DockerConfig.of(Map.of(), Path.of("/nonexistent"), notices::add).find("r"));
  }

  @Test
  void helper_forItsHost_getsTheServersName() throws IOException {
    helper("good", "read s; printf '{\"Username\":\"%s\",\"Secret\":\"p\"}' \"$1-$s\"");
    String config =
        "{\"credHelpers\":{\"r.example\":\"good\"},\"auths\":{\"r.example\":" + AUTH + "}}";
    assertEquals(login("get-r.example", "p"), find(config, "r.example"));
    assertEquals(Optional.empty(), find(config, "other.example"));
  }

  @Test
  void store_forAllHosts_thenAuths() throws IOException {
    helper(
        "some",
        "read s; [ \"$s\" = r1 ] && echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'"
            + " || { echo 'credentials not found in native keychain'; exit 1; }");
    String config = "{\"credsStore\":\"some\",\"auths\":{\"r2\":" + AUTH + "}}";
    assertEquals(Optional.of(new Credential.IdentityToken("t")), find(config, "r1"));
    assertEquals(login("me", "s3cret"), find(config, "r2"));
    assertEquals(Optional.empty(), find(config, "r3"));
  }

  @Test
  void helper_broken_isAnErrorNeverAnotherCredential() throws IOException {
    helper("garbage", "echo 'hunter2 is no JSON'");
    helper("empty", ":");
    helper("exits", "echo 'keychain is locked'; exit 1");
    for (String name :
        List.of("garbage", "empty", "exits", "missing", "../bin/garbage", "a b", "a;b")) {
      String config = "{\"credHelpers\":{\"r\":\"" + name + "\"},\"auths\":{\"r\":" + AUTH + "}}";
      CredentialException failure =
          assertThrows(CredentialException.class, () -> find(config, "r"), name);
      assertTrue(message(failure).startsWith("credential helper"), message(failure));
      assertTrue(!message(failure).contains("hunter2"), message(failure));
    }
  }

  @Test
  void helper_hanging_isEndedWithItsChildren() throws IOException {
    Path alive = folder.resolve("pid");
    helper("hangs", "sleep 1000 & echo $! > " + alive + "; wait");
    String config = "{\"credHelpers\":{\"r\":\"hangs\"}}";
    CredentialException failure =
        assertThrows(CredentialException.class, () -> find(config, "r", Duration.ofSeconds(1)));
    assertTrue(message(failure).contains("no answer"), message(failure));
    long child = Long.parseLong(Files.readString(alive).strip());
    ProcessHandle.of(child).ifPresent(handle -> handle.onExit().join());
  }

  @Test
  void credentials_doNotPrintTheirSecrets() {
    String all =
        new Credential.UserPassword("u", "hunter2").toString()
            + new Credential.IdentityToken("hunter2")
            + new Credential.RegistryToken("hunter2");
    assertTrue(!all.contains("hunter2"), all);
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
