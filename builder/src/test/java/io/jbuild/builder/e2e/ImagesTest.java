package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildResult;
import io.jbuild.builder.Images;
import io.jbuild.builder.Images.ArchiveFormat;
import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.Output;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.layers.tar.TarWriter;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in and out of the store, as they were. */
class ImagesTest {
  @TempDir private Path directory;

  private static BuildResult made(Builds builds) throws Exception {
    return builds.build(
        "FROM busybox:test", "RUN echo x > /x && rm /etc/group && mkdir /d", "CMD [\"id\"]");
  }

  @Test
  void names_comeAndGo() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Digest id = made(builds).imageId();
      Images images = builds.engine().images();
      images.tag(id.hex().substring(0, 12), Builds.name("other:v1"));
      assertEquals(
          List.of("busybox:test", "other:v1", "test/image:latest"),
          images.list().stream().map(image -> image.name().familiar()).sorted().toList());
      assertEquals(1, images.remove("other:v1").size());
      assertEquals(id, images.inspect("test/image").id());
      assertTrue(images.remove("test/image").get(0).lastName());
      assertThrows(UserException.class, () -> images.inspect("test/image"));
    }
  }

  @Test
  void archives_giveTheSameImageBack() throws Exception {
    Digest id;
    try (Builds builds = Builds.in(directory.resolve("a"))) {
      id = made(builds).imageId();
      Images images = builds.engine().images();
      for (ArchiveFormat format : ArchiveFormat.values()) {
        images.save(
            List.of("test/image"),
            Optional.empty(),
            format,
            LayerCompression.GZIP,
            Optional.of(directory.resolve(format.name())));
      }
    }
    for (ArchiveFormat format : ArchiveFormat.values()) {
      try (Builds builds = Builds.in(directory.resolve("in-" + format))) {
        List<Images.Loaded> loaded =
            builds
                .engine()
                .images()
                .load(directory.resolve(format.name()), TransferListener.none());
        assertEquals(List.of(id), loaded.stream().map(Images.Loaded::id).toList(), format.name());
        assertEquals("test/image:latest", loaded.get(0).name().orElseThrow().familiar());
        assertEquals("x\n", builds.root().get("/x").content());
        builds.build("FROM test/image", "RUN cat /x");
        assertEquals(List.of("x"), builds.last().output());
      }
    }
  }

  @Test
  void load_ofAnImageWithoutAName_tellsItsId() throws Exception {
    Path layout = directory.resolve("layout");
    try (Builds builds = Builds.in(directory.resolve("a"))) {
      Digest id = made(builds).imageId();
      Images images = builds.engine().images();
      images.save(
          List.of(id.toString()),
          Optional.empty(),
          ArchiveFormat.OCI_DIRECTORY,
          LayerCompression.GZIP,
          Optional.of(layout));
      assertEquals(
          List.of(new Images.Loaded(Optional.empty(), id, Platform.host())),
          images.load(layout, TransferListener.none()));
      Path index = layout.resolve("index.json");
      String named =
          Files.readString(index)
              .replaceFirst(
                  "(\"size\":[0-9]+)",
                  "$1,\"annotations\":{\"org.opencontainers.image.ref.name\":\"NO/such NAME\"}");
      Files.writeString(index, named);
      assertEquals(
          List.of(new Images.Loaded(Optional.empty(), id, Platform.host())),
          images.load(layout, TransferListener.none()));
    }
  }

  @Test
  void load_ofAnArchiveThatNamesOtherFiles_saysWhich() throws Exception {
    Path archive = directory.resolve("bad.tar");
    byte[] manifest =
        "[{\"Config\":\"../../etc/passwd\",\"Layers\":[]}]".getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(archive)) {
      TarWriter tar = new TarWriter(out);
      tar.begin(
          TarEntry.of(TarType.REGULAR, "manifest.json".getBytes(StandardCharsets.UTF_8))
              .permissions(0644)
              .size(manifest.length)
              .build());
      tar.write(manifest, 0, manifest.length);
      tar.finish();
    }
    try (Builds builds = Builds.in(directory)) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> builds.engine().images().load(archive, TransferListener.none()));
      assertEquals(
          "manifest.json names \"../../etc/passwd\", which is no file of the archive",
          e.getMessage());
    }
  }

  @Test
  void importRoot_ofAnEmptyArchive_hasNoFiles() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds
          .engine()
          .images()
          .importRoot(
              new ByteArrayInputStream(new byte[10240]),
              Builds.name("test/image"),
              Platform.host(),
              List.of());
      assertEquals(Map.of(), builds.root());
    }
  }

  @Test
  void outputs_areWhatOtherToolsRead() throws Exception {
    Tools.require("skopeo", "umoci");
    try (Builds builds = Builds.in(directory)) {
      Path layout = directory.resolve("layout");
      Path tar = directory.resolve("layout.tar");
      Path docker = directory.resolve("docker.tar");
      Path root = directory.resolve("rootfs");
      BuildResult result =
          builds.build(
              request ->
                  request
                      .output(
                          new Output.OciLayout(Optional.of(layout), false, LayerCompression.ZSTD))
                      .output(new Output.OciLayout(Optional.of(tar), true, LayerCompression.GZIP))
                      .output(new Output.DockerArchive(Optional.of(docker)))
                      .output(new Output.RootDirectory(root)),
              "FROM busybox:test",
              "RUN echo x > /x");
      assertEquals("x\n", Files.readString(root.resolve("x")));
      String id = result.imageId().toString();
      for (String source :
          List.of("oci:" + layout, "oci-archive:" + tar, "docker-archive:" + docker)) {
        String raw = Tools.run("skopeo", "inspect", "--raw", source);
        assertTrue(raw.contains(id), () -> source + ": " + raw);
        Tools.run(
            "skopeo",
            "copy",
            source,
            "oci:" + directory.resolve("copy-" + source.hashCode()) + ":x");
      }
      Tools.run(
          "umoci",
          "raw",
          "unpack",
          "--image",
          directory.resolve("copy-" + ("oci-archive:" + tar).hashCode()) + ":x",
          directory.resolve("unpacked").toString());
      assertEquals("x\n", Files.readString(directory.resolve("unpacked/x")));
    }
  }

  @Test
  void push_sendsSharedLayersOnceAndPullGivesThemBack() throws Exception {
    Tools.require("docker-registry");
    try (Tools.Registry registry = Tools.registry(directory.resolve("registry"))) {
      Reference one = Builds.name(registry.host() + "/team/one:v1");
      Reference two = Builds.name(registry.host() + "/team/two:v1");
      Digest id;
      Digest manifest;
      try (Builds builds = Builds.in(directory.resolve("a"))) {
        id = made(builds).imageId();
        Images images = builds.engine().images();
        manifest = images.push("test/image", one, LayerCompression.GZIP, TransferListener.none());
        images.tag("test/image", one);
        builds.build("FROM test/image", "ENV MORE=1");
        images.push("test/image", two, LayerCompression.GZIP, TransferListener.none());
        assertEquals(
            manifest, images.push("" + one, one, LayerCompression.GZIP, TransferListener.none()));
      }
      assertEquals(6, registry.blobs(), "two layers, two configs, two manifests");
      try (Builds builds = Builds.in(directory.resolve("b"))) {
        Images images = builds.engine().images();
        assertEquals(id, images.pull(one, Platform.host(), TransferListener.none()).id());
        assertEquals("x\n", builds.root("" + one).get("/x").content());
        builds.build("FROM " + two, "RUN echo $MORE");
        assertEquals(List.of("1"), builds.last().output());
        assertEquals(manifest, images.push(one, LayerCompression.GZIP, TransferListener.none()));
      }
    }
  }
}
