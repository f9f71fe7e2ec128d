package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.ImageSummary;
import io.jbuild.builder.Images;
import io.jbuild.builder.Images.ArchiveFormat;
import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.Output;
import io.jbuild.builder.PullPolicy;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds for several platforms. The programs in their bases are this machine's, whatever the images
 * say, so that no emulation is needed; {@code cli/src/it/arm64.sh} has the real thing.
 */
class PlatformsTest {
  private static final Platform ARM = Platform.of("linux", "arm64");
  private static final Platform AMD = Platform.of("linux", "amd64");
  private static final Consumer<BuildRequest.Builder> BOTH =
      request -> request.platform(ARM).platform(AMD);

  @TempDir Path directory;

  private static Optional<Platform> of(Platform platform) {
    return Optional.of(platform);
  }

  private static List<String> env(Builds builds, Platform platform) throws Exception {
    return builds.engine().images().inspect("test/image", of(platform)).config().config().env();
  }

  @Test
  void severalPlatforms_areOneName_inTheirOrder() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildResult result =
          builds.build(
              BOTH,
              "ARG TARGETARCH",
              "FROM scratch AS for-arm64",
              "ENV ONLY=arm",
              "FROM scratch AS for-amd64",
              "ENV ONLY=amd",
              "FROM for-$TARGETARCH",
              "ARG TARGETPLATFORM TARGETOS TARGETVARIANT BUILDPLATFORM",
              "ENV P=$TARGETPLATFORM/$TARGETOS/$TARGETVARIANT B=$BUILDPLATFORM");
      List<ImageSummary> images =
          builds.engine().images().list().stream()
              .filter(image -> image.name().familiar().equals("test/image:latest"))
              .toList();
      assertEquals(List.of(ARM, AMD), images.stream().map(ImageSummary::platform).toList());
      assertEquals(
          result.images().stream().map(BuildResult.PlatformImage::id).toList(),
          images.stream().map(ImageSummary::id).toList());
      assertTrue(env(builds, ARM).contains("P=linux/arm64/linux/"), () -> "" + images);
      assertTrue(env(builds, ARM).contains("ONLY=arm"));
      assertTrue(env(builds, ARM).contains("B=" + Platform.host()));
      assertTrue(env(builds, AMD).contains("ONLY=amd"));
      assertEquals(
          ARM, builds.engine().images().inspect("test/image", of(ARM)).config().platform());
      assertThrows(
          UserException.class,
          () -> builds.engine().images().inspect("test/image", of(Platform.of("linux", "s390x"))));
    }
  }

  @Test
  void variant_isInTheConfiguration() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Platform old = Platform.parse("linux/arm/v6");
      builds.build(
          request -> request.platform(old),
          "FROM scratch",
          "ARG TARGETVARIANT",
          "ENV V=$TARGETVARIANT");
      assertEquals(old, builds.image().config().platform());
      assertTrue(builds.image().config().config().env().contains("V=v6"));
    }
  }

  @Test
  void stageOnTheBuildPlatform_runsOnce() throws Exception {
    String step = "RUN echo compiled > /out";
    String[] file = {
      "FROM --platform=$BUILDPLATFORM busybox:test AS build",
      step,
      "FROM scratch",
      "COPY --from=build /out /out",
    };
    try (Builds builds = Builds.in(directory)) {
      builds.build(BOTH, file);
      assertEquals(1, Collections.frequency(builds.last().ran(), step));
      assertEquals(1, Collections.frequency(builds.last().cached(), step));
      builds.build(BOTH.andThen(request -> request.noCache(true)), file);
      assertEquals(1, Collections.frequency(builds.last().ran(), step));
      builds.build(BOTH, file);
      assertEquals(0, Collections.frequency(builds.last().ran(), step));
    }
  }

  @Test
  void oneFails_theOtherEndsAndNothingIsNamed() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      StepFailedException failed =
          assertThrows(
              StepFailedException.class,
              () ->
                  builds.build(
                      BOTH,
                      "FROM --platform=$BUILDPLATFORM busybox:test",
                      "ARG TARGETARCH",
                      "RUN [ $TARGETARCH = arm64 ] && exit 3; sleep 300"));
      assertEquals(3, failed.exitCode());
      assertThrows(UserException.class, builds::image);
    }
  }

  @Test
  void indexOfOne_isAskedForByTheBuildArgument() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path layout = directory.resolve("layout");
      builds.build(
          request ->
              request
                  .buildArg("BUILDKIT_MULTI_PLATFORM", "1")
                  .output(new Output.OciLayout(Optional.of(layout), false, LayerCompression.GZIP)),
          "FROM scratch",
          "LABEL a=b");
      assertTrue(
          Files.readString(layout.resolve("index.json")).contains("image.index.v1+json\",\"d"));
    }
  }

  @Test
  void base_ofAnotherPlatformOnly_isToldWithThoseThatThereAre() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildfileException error =
          assertThrows(
              BuildfileException.class,
              () ->
                  builds.build(
                      request -> request.platform(ARM).pull(PullPolicy.NEVER),
                      "FROM busybox:test"));
      assertTrue(
          error.problem().contains("for linux/arm64, only for " + Platform.host()),
          error.problem());
    }
  }

  @Test
  void base_isThatOfThePlatform() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          BOTH.andThen(request -> request.tag(Builds.name("base"))),
          "FROM scratch",
          "ARG TARGETARCH",
          "COPY --chmod=644 <<EOF /arch",
          "$TARGETARCH",
          "EOF");
      builds.build(
          BOTH,
          "FROM base AS other",
          "FROM --platform=linux/amd64 base AS amd64",
          "COPY --from=base /arch /copied",
          "COPY --from=other /arch /other");
      Path tar = directory.resolve("tar");
      builds
          .engine()
          .images()
          .save(
              List.of("test/image"),
              of(ARM),
              ArchiveFormat.OCI_DIRECTORY,
              LayerCompression.NONE,
              Optional.of(tar));
      builds.build(
          request ->
              request
                  .platform(ARM)
                  .platform(AMD)
                  .output(new Output.RootDirectory(directory.resolve("root"))),
          "FROM --platform=linux/amd64 base AS amd64",
          "COPY --from=base /arch /copied");
      assertEquals("arm64\n", Files.readString(directory.resolve("root/linux_arm64/copied")));
      assertEquals("amd64\n", Files.readString(directory.resolve("root/linux_arm64/arch")));
      assertEquals("amd64\n", Files.readString(directory.resolve("root/linux_amd64/copied")));
      assertTrue(
          builds.last().warnings().stream().anyMatch(w -> w.contains("holds what is for")),
          () -> "" + builds.last().warnings());
    }
  }

  @Test
  void outputs_haveADirectoryForEachPlatform_orAreRefused() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path tar = directory.resolve("out.tar");
      Path local = directory.resolve("out");
      builds.build(
          BOTH.andThen(
              request ->
                  request
                      .output(new Output.RootTar(Optional.of(tar)))
                      .output(new Output.RootDirectory(local))),
          "FROM scratch",
          "ARG TARGETARCH",
          "COPY <<EOF /dir/arch",
          "$TARGETARCH",
          "EOF");
      assertEquals("arm64\n", Files.readString(local.resolve("linux_arm64/dir/arch")));
      assertEquals("amd64\n", Files.readString(local.resolve("linux_amd64/dir/arch")));
      assertEquals(
          "linux_amd64/\nlinux_amd64/dir/\nlinux_amd64/dir/arch\n"
              + "linux_arm64/\nlinux_arm64/dir/\nlinux_arm64/dir/arch\n",
          Tools.run("tar", "tf", tar.toString()));
      Path docker = directory.resolve("docker.tar");
      assertThrows(
          UserException.class,
          () ->
              builds.build(
                  BOTH.andThen(r -> r.output(new Output.DockerArchive(Optional.of(docker)))),
                  "FROM scratch",
                  "LABEL a=b"));
      assertFalse(Files.exists(docker));
    }
  }

  private static BuildResult built(Builds builds) throws Exception {
    return builds.build(
        BOTH,
        "FROM scratch",
        "ARG TARGETARCH",
        "COPY <<EOF /arch",
        "$TARGETARCH",
        "EOF",
        "COPY <<EOF /same",
        "same",
        "EOF");
  }

  @Test
  void index_keepsItsDigest_throughRegistriesAndArchives() throws Exception {
    Tools.require("docker-registry", "skopeo");
    try (Tools.Registry registry = Tools.registry(directory.resolve("registry"))) {
      Reference one = Builds.name(registry.host() + "/team/one:v1");
      Reference two = Builds.name(registry.host() + "/team/two:v1");
      Path archive = directory.resolve("archive.tar");
      Digest index;
      try (Builds builds = Builds.in(directory.resolve("a"))) {
        built(builds);
        Images images = builds.engine().images();
        index = images.push("test/image", one, LayerCompression.GZIP, TransferListener.none());
        images.tag("test/image", Builds.name("other"));
        assertEquals(
            index, images.push("other", two, LayerCompression.GZIP, TransferListener.none()));
        images.save(
            List.of("other"),
            Optional.empty(),
            ArchiveFormat.OCI_ARCHIVE,
            LayerCompression.GZIP,
            Optional.of(archive));
        String raw = Tools.run("skopeo", "inspect", "--raw", "oci-archive:" + archive);
        assertTrue(raw.indexOf("\"arm64\"") < raw.indexOf("\"amd64\""), raw);
      }
      try (Builds builds = Builds.in(directory.resolve("b"))) {
        Images images = builds.engine().images();
        assertEquals(2, images.pullAll(one, TransferListener.none()).size());
        Digest again = images.push(one, LayerCompression.GZIP, TransferListener.none());
        assertEquals(index, again);
        // One platform of it is here already, and pulling it again takes nothing away.
        images.pull(one, AMD, TransferListener.none());
        assertEquals(index, images.push(one, LayerCompression.GZIP, TransferListener.none()));
        assertEquals(AMD, images.inspect("" + one, of(AMD)).config().platform());
        Digest only =
            images.push("" + one, two, of(ARM), LayerCompression.GZIP, TransferListener.none());
        assertFalse(only.equals(index));
      }
      try (Builds builds = Builds.in(directory.resolve("c"))) {
        Images images = builds.engine().images();
        assertEquals(
            List.of(ARM, AMD),
            images.load(archive, TransferListener.none()).stream()
                .map(Images.Loaded::platform)
                .toList());
        assertEquals(
            index, images.push("other", one, LayerCompression.GZIP, TransferListener.none()));
      }
      try (Builds builds = Builds.in(directory.resolve("d"))) {
        Images images = builds.engine().images();
        assertEquals(ARM, images.pull(one, ARM, TransferListener.none()).platform());
        assertEquals(AMD, images.pull(one, AMD, TransferListener.none()).platform());
        assertEquals(2, images.list().stream().filter(image -> image.name().equals(one)).count());
        Exception missing =
            assertThrows(
                Exception.class,
                () -> images.pull(one, Platform.of("linux", "s390x"), TransferListener.none()));
        assertTrue(
            String.valueOf(missing.getMessage()).contains("there are: linux/amd64, linux/arm64"));
      }
    }
  }

  @Test
  void remove_takesTheNameOfAll_orAnImageOfIt() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildResult result = built(builds);
      Images images = builds.engine().images();
      images.tag("test/image", Builds.name("other"));
      assertEquals(
          List.of(false, false),
          images.remove("other").stream().map(Images.Removal::lastName).toList());
      assertEquals(1, images.remove(result.images().get(0).id().hex()).size());
      assertEquals(AMD, images.inspect("test/image").config().platform());
      assertEquals(
          List.of(true),
          images.remove("test/image").stream().map(Images.Removal::lastName).toList());
      assertThrows(UserException.class, builds::image);
    }
  }

  @Test
  void singleManifest_ofAnotherPlatform_isTakenWithAWarning() throws Exception {
    Tools.require("docker-registry");
    try (Builds builds = Builds.in(directory.resolve("b"))) {
      Reference name;
      String from;
      try (Tools.Registry registry = Tools.registry(directory.resolve("registry"))) {
        name = Builds.name(registry.host() + "/team/arm:v1");
        from = "FROM " + name;
        builds.build(request -> request.platform(ARM), "FROM scratch", "COPY <<EOF /x", "x", "EOF");
        builds
            .engine()
            .images()
            .push("test/image", name, LayerCompression.GZIP, TransferListener.none());
        builds.build(request -> request.platform(AMD), from);
        assertEquals(1, builds.last().warnings().size(), () -> "" + builds.last().warnings());
        assertTrue(builds.last().warnings().get(0).contains("InvalidBaseImagePlatform"));
        builds.build(
            request -> request.platform(AMD), "# check=skip=InvalidBaseImagePlatform", from);
        assertEquals(List.of(), builds.last().warnings());
      }
      // Known to be all that there is, it is not asked for again.
      builds.build(request -> request.platform(AMD), from);
      assertEquals(1, builds.last().warnings().size());
    }
  }

  /** A program of 93 bytes that makes one system call of 32 bits: exit(0). */
  private static byte[] i386Program() {
    ByteBuffer elf = ByteBuffer.allocate(93).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
    elf.putShort((short) 2).putShort((short) 3).putInt(1); // an executable for i386
    elf.putInt(0x08048000 + 84).putInt(52).putInt(0).putInt(0); // its entry, its program header
    elf.putShort((short) 52).putShort((short) 32).putShort((short) 1).position(52);
    elf.putInt(1).putInt(0).putInt(0x08048000).putInt(0x08048000).putInt(93).putInt(93);
    elf.putInt(5).putInt(0x1000);
    elf.put(new byte[] {(byte) 0xb8, 1, 0, 0, 0, 0x31, (byte) 0xdb, (byte) 0xcd, (byte) 0x80});
    return elf.array();
  }

  @Test
  void i386_runsOnAmd64_andNowhereElse() throws Exception {
    Assumptions.assumeTrue(Platform.host().equals(AMD), "skipped: this is no amd64 machine");
    Platform i386 = Platform.of("linux", "386");
    try (Builds builds = Builds.in(directory)) {
      Files.write(builds.context().resolve("program"), i386Program());
      String[] file = {"FROM scratch", "COPY --chmod=755 program /", "RUN [\"/program\"]"};
      try {
        builds.build(request -> request.platform(i386), file);
      } catch (BuildfileException e) {
        Assumptions.assumeFalse(
            e.problem().contains("no handler"), "skipped: this kernel has no 32-bit calls");
        throw e;
      }
      assertEquals(i386, builds.image().config().platform());
      // In an image for amd64 these calls are a way around the filter.
      assertThrows(StepFailedException.class, () -> builds.build(file));
    }
  }

  @Test
  void progress_namesThePlatforms() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      BuildResult result =
          builds.build(
              BOTH,
              "FROM --platform=linux/amd64 scratch AS build",
              "COPY <<EOF /x",
              "x",
              "EOF",
              "FROM scratch",
              "COPY --from=build /x /x");
      List<String> told =
          result.steps().stream().map(report -> report.step().platform().orElse("")).toList();
      assertEquals(
          List.of(
              "linux/amd64->arm64",
              "linux/amd64",
              "linux/amd64->arm64",
              "linux/amd64",
              "linux/arm64",
              "linux/amd64",
              "linux/arm64",
              "linux/amd64"),
          told);
    }
  }
}
