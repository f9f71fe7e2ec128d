package io.jbuild.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.text.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageConfigTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String ROOTFS =
      "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + HEX + "\"]}";

  private static ImageConfig full() throws MalformedException {
    RunConfig run =
        RunConfig.EMPTY
            .edit()
            .user("app")
            .exposedPorts(new TreeSet<>(List.of("80/tcp", "443/tcp")))
            .env(List.of("PATH=/bin", "A=b=c"))
            .entrypoint(List.of("/entry"))
            .cmd(List.of("run", "it"))
            .volumes(new TreeSet<>(List.of("/data")))
            .workingDir("/srv")
            .labels(new TreeMap<>(Map.of("b", "2", "a", "1")))
            .stopSignal("SIGINT")
            .healthcheck(
                Optional.of(
                    new Healthcheck(
                        List.of("CMD", "true"),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1),
                        Duration.ZERO,
                        Duration.ZERO,
                        3)))
            .onBuild(List.of("RUN x"))
            .shell(List.of("/bin/bash", "-c"))
            .build();
    Instant time = Instant.parse("2026-01-02T03:04:05.600Z");
    History layer =
        new History(Optional.of(time), "RUN a && b", "", "buildkit.dockerfile.v0", false);
    History step = new History(Optional.of(time), "CMD run", "", "", true);
    return ImageConfig.scratch(Platform.parse("linux/arm/v7"))
        .withAuthor("me")
        .withConfig(run)
        .withCreated(time)
        .withLayer(DiffId.parse("sha256:" + HEX), layer)
        .withStep(step);
  }

  /** Fields and escapes in the order of the configs that BuildKit writes. */
  @Test
  void encode_full_isPinned() throws Exception {
    assertEquals(
        "{\"architecture\":\"arm\",\"author\":\"me\",\"config\":{\"User\":\"app\","
            + "\"ExposedPorts\":{\"443/tcp\":{},\"80/tcp\":{}},\"Env\":[\"PATH=/bin\",\"A=b=c\"],"
            + "\"Entrypoint\":[\"/entry\"],\"Cmd\":[\"run\",\"it\"],\"Volumes\":{\"/data\":{}},"
            + "\"WorkingDir\":\"/srv\",\"Labels\":{\"a\":\"1\",\"b\":\"2\"},"
            + "\"StopSignal\":\"SIGINT\",\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],"
            + "\"Interval\":5000000000,\"Timeout\":1000000,\"Retries\":3},"
            + "\"OnBuild\":[\"RUN x\"],\"Shell\":[\"/bin/bash\",\"-c\"]},"
            + "\"created\":\"2026-01-02T03:04:05.6Z\",\"history\":["
            + "{\"created\":\"2026-01-02T03:04:05.6Z\",\"created_by\":\"RUN a \\u0026\\u0026 b\","
            + "\"comment\":\"buildkit.dockerfile.v0\"},"
            + "{\"created\":\"2026-01-02T03:04:05.6Z\",\"created_by\":\"CMD run\","
            + "\"empty_layer\":true}],\"os\":\"linux\","
            + ROOTFS
            + ",\"variant\":\"v7\"}",
        new String(full().encode(), UTF_8));
    assertEquals(
        "sha256:cb85959ae7accc35f85e86fd9dadaa68a13c4492814109f4a73196a56bd4d132",
        Digest.sha256(full().encode()).toString());
  }

  @Test
  void read_whatWasEncoded_isEqual() throws Exception {
    assertEquals(full(), ImageConfig.read(full().encode()));
  }

  /** As Docker 20 wrote them: nulls, and fields that no specification has. */
  @Test
  void read_dockersOldConfig_ignoresWhatItDoesNotKnow() throws Exception {
    String text =
        "{\"architecture\":\"amd64\",\"config\":{\"Hostname\":\"\",\"AttachStdin\":false,"
            + "\"Env\":[\"PATH=/bin\"],\"Cmd\":null,\"Image\":\"sha256:x\",\"Volumes\":null,"
            + "\"Entrypoint\":null,\"OnBuild\":null,\"Labels\":null},"
            + "\"container\":\"abc\",\"container_config\":{\"Cmd\":[\"x\"]},"
            + "\"created\":\"2020-01-01T01:02:03.000000001+01:00\",\"docker_version\":\"20\","
            + "\"history\":null,\"os\":\"linux\","
            + ROOTFS
            + "}";

    ImageConfig config = ImageConfig.read(text.getBytes(UTF_8));

    assertEquals(List.of(), config.config().cmd());
    assertEquals(Optional.of(Instant.parse("2020-01-01T00:02:03.000000001Z")), config.created());
    assertEquals(List.of(), config.history());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Names without values (CVE-2026-57231), and NUL.
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"HOME\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"*\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"=x\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"A=\\u0000\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"User\":\"a\\u0000b\"}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"WorkingDir\":\"/\\u0000\"}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Cmd\":[\"a\\u0000\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Cmd\":\"a\"}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"env\":[\"A=b\"]}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Labels\":{\"a\":null}}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Healthcheck\":{\"Retries\":-1}}",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":[]",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"created\":\"yesterday\"",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"created\":\"2026-13-01T00:00:00Z\"",
        "\"os\":\"linux\",\"architecture\":\"amd64\",\"history\":[1]",
        "\"os\":\"linux\",\"architecture\":\"../../x\"",
        "\"os\":\"linux\",\"architecture\":\"..\"",
        "\"os\":\"linux\",\"architecture\":\"a\\nb\"",
        "\"os\":\"\",\"architecture\":\"amd64\"",
        "\"architecture\":\"amd64\"",
      })
  void read_hostile_isMalformed(String fields) {
    MalformedException e =
        assertThrows(
            MalformedException.class,
            () -> ImageConfig.read(("{" + fields + "," + ROOTFS + "}").getBytes(UTF_8)));

    assertTrue(e.getMessage().startsWith("image config: "), e.getMessage());
    assertTrue(e.getMessage().length() <= 1000, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\":1",
        "\"rootfs\":{}",
        "\"rootfs\":{\"type\":\"layers+base\",\"diff_ids\":[]}",
        "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:../x\"]}",
        "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[null]}",
        "\"rootfs\":{\"type\":\"layers\",\"Diff_ids\":[]}",
      })
  void read_hostileRootfs_isMalformed(String rootfs) {
    String text = "{\"os\":\"linux\",\"architecture\":\"amd64\"," + rootfs + "}";

    assertThrows(MalformedException.class, () -> ImageConfig.read(text.getBytes(UTF_8)));
  }

  @Test
  void requireLayers_anotherCount_isMalformed() throws Exception {
    full().requireLayers(1);
    assertEquals(
        "image config: 1 diffIDs for 2 layers",
        assertThrows(MalformedException.class, () -> full().requireLayers(2)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    "2026-11-21T23:59:59.120Z, 2026-11-21T23:59:59.12Z",
    "2026-11-21t23:59:59z, 2026-11-21T23:59:59Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "2026-03-01T00:30:00.000000001-05:30, 2026-03-01T06:00:00.000000001Z",
  })
  void time_isWrittenAsGoWritesIt(String text, String expected) throws Exception {
    assertEquals(expected, Rfc3339.format(Rfc3339.parse(text)));
  }
}
