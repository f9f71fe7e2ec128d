package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.Output;
import io.jbuild.builder.SecretSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** The grammars of option values, as tables. */
class ValuesTest {
  @Test
  void fields_keepCommasInQuotes() {
    assertEquals(
        Map.of("type", "local", "dest", "a,b"), Values.fields("-o", "type=local,\"dest=a,b\""));
  }

  @Test
  void buildArgs_withoutValueTakeTheEnvironments() {
    assertEquals(
        Map.of("A", "1", "B", "from here", "D", ""),
        Values.pairsOrEnvironment(List.of("A=1", "B", "C", "D="), Map.of("B", "from here")));
  }

  @Test
  void output_ofEveryType() {
    assertEquals(
        Optional.of(
            new Output.OciLayout(Optional.of(Path.of("x.tar")), true, LayerCompression.GZIP)),
        OutputOption.parse("type=oci,dest=x.tar"));
    assertEquals(
        Optional.of(new Output.OciLayout(Optional.of(Path.of("x")), false, LayerCompression.ZSTD)),
        OutputOption.parse("type=oci,dest=x,tar=false,compression=zstd"));
    assertEquals(
        Optional.of(new Output.DockerArchive(Optional.empty())),
        OutputOption.parse("type=docker,dest=-"));
    assertEquals(Optional.of(new Output.RootTar(Optional.empty())), OutputOption.parse("-"));
    assertEquals(Optional.of(new Output.RootDirectory(Path.of("out"))), OutputOption.parse("out"));
    assertEquals(Optional.empty(), OutputOption.parse("type=image"));
    assertEquals(
        Optional.of(new Output.Registry(LayerCompression.GZIP)),
        OutputOption.parse("type=image,push=true"));
    assertEquals(
        Optional.of(new Output.Registry(LayerCompression.ZSTD)),
        OutputOption.parse("type=image,name=a/b,push=true,compression=zstd"));
    assertEquals(
        List.of("a/b", "c:1"), OutputOption.names("type=image,\"name=a/b,c:1\",push=true"));
    assertEquals(List.of(), OutputOption.names("type=oci,dest=x"));
    assertEquals(List.of(), OutputOption.names("-"));
  }

  @Test
  void environmentFile_isTakenAsItIsWritten(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("env");
    Files.writeString(file, "A=1\n\n  # no\nB=\"x y\"\n C= d \nHOME\nE=\n");
    assertEquals(List.of("A=1", "B=\"x y\"", "C= d ", "HOME", "E="), EnvironmentFile.read(file));
    for (String bad : List.of("=x", "a b=c")) {
      Files.writeString(file, bad);
      assertThrows(TypeConversionException.class, () -> EnvironmentFile.read(file), bad);
    }
    assertThrows(TypeConversionException.class, () -> EnvironmentFile.read(directory));
  }

  @Test
  void secret_fromFileEnvironmentAndItsOwnId() {
    Map<String, String> environment = Map.of("TOKEN", "t", "key", "k");
    assertEquals(
        new SecretSource.OfFile(Path.of("/f")),
        SecretOption.parse("id=a,src=/f", environment).source());
    assertSecret("t", SecretOption.parse("id=a,env=TOKEN", environment));
    assertSecret("t", SecretOption.parse("type=env,id=TOKEN", environment));
    assertSecret("k", SecretOption.parse("id=key", environment));
    assertThrows(
        TypeConversionException.class, () -> SecretOption.parse("id=a,env=NONE", environment));
  }

  private static void assertSecret(String expected, SecretOption option) {
    SecretSource.OfBytes bytes = assertInstanceOf(SecretSource.OfBytes.class, option.source());
    assertArrayEquals(expected.getBytes(StandardCharsets.UTF_8), bytes.value());
  }

  @Test
  void ssh_defaultsToTheAgentOfTheEnvironment() {
    Map<String, String> environment = Map.of("SSH_AUTH_SOCK", "/agent");
    assertEquals(
        new SshOption("default", Path.of("/agent")), SshOption.parse("default", environment));
    assertEquals(new SshOption("k", Path.of("/s")), SshOption.parse("k=/s", environment));
    assertThrows(TypeConversionException.class, () -> SshOption.parse("default", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:1.2.3.4", "a=1.2.3.4", "a:::1", "a=fe80::1%eth0", "a.b:[::1]"})
  void host_isANameAndAnAddress(String text) {
    assertEquals(text, Values.host(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", ":1.2.3.4", "a:", "a:b", "a b:1.2.3.4", "a:1.2.3", "a:1.2.3.4\nx"})
  void host_ofAnythingElse_isRefused(String text) {
    assertThrows(TypeConversionException.class, () -> Values.host(text));
  }
}
