package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitServer;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.layers.tar.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contexts that are remote, or have names, and the times that they have. */
final class ContextsTest {
  private static final String COPY_ALL = "FROM scratch\nCOPY . /all/\n";

  @TempDir Path directory;

  @Test
  void archiveOfAServer_isTheContext() throws Exception {
    byte[] tar =
        tar(
            true,
            "Buildfile",
            COPY_ALL,
            "sub/file",
            "x",
            ".dockerignore",
            "ignored",
            "ignored",
            "");
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/c", tar, "Thu, 01 Jan 1970 00:01:40 GMT")) {
      builds.build(remote(server.url("/c"), new BuildfileInput.Default()));
      Map<String, Builds.RootFile> root = builds.root();
      assertEquals("x", root.get("/all/sub/file").content());
      assertFalse(root.containsKey("/all/ignored"));
      assertNothingLeft(builds);
    }
  }

  @Test
  void fileOfAServer_isTheBuildfile() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/c", "FROM scratch\nLABEL a=b\n")) {
      builds.build(remote(server.url("/c"), new BuildfileInput.Default()));
      assertEquals(Map.of("a", "b"), builds.image().config().config().labels());
      server.file("/c", "FROM scratch\nCOPY a /\n");
      BuildfileException none =
          assertThrows(
              BuildfileException.class,
              () -> builds.build(remote(server.url("/c"), new BuildfileInput.Default())));
      assertEquals(
          server.url("/c") + ":2: there is no build context to copy from", none.getMessage());
    }
  }

  @Test
  void buildfile_isFetched_orInTheContext() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server =
            new WebServer()
                .file("/b", COPY_ALL)
                .file("/c", tar(false, "deep/Other", COPY_ALL), "")) {
      builds.file("here", "y");
      builds.build(
          request ->
              request.buildfile(
                  new BuildfileInput.Fetched((ContextSource.Http) source(server.url("/b")))));
      assertEquals("y", builds.root().get("/all/here").content());
      builds.build(remote(server.url("/c"), new BuildfileInput.InContext("deep/Other")));
      assertTrue(builds.root().containsKey("/all/deep/Other"));
      for (String wrong : List.of("none", "../x")) {
        assertThrows(
            UserException.class,
            () -> builds.build(remote(server.url("/c"), new BuildfileInput.InContext(wrong))));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void truncatedArchive_isNoContext(boolean gzip) throws Exception {
    byte[] whole = tar(gzip, "Buildfile", COPY_ALL, "file", "x".repeat(10_000));
    byte[] tar = java.util.Arrays.copyOf(whole, gzip ? whole.length / 2 : 3000);
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/c", tar, "")) {
      Exception refused =
          assertThrows(
              Exception.class,
              () -> builds.build(remote(server.url("/c"), new BuildfileInput.Default())));
      assertTrue(gzip ? refused instanceof UserException : refused instanceof IOException);
      assertNothingLeft(builds);
    }
  }

  @Test
  void repository_isTheContext() throws Exception {
    Path repository = repository("Buildfile", "FROM scratch\nCOPY . /all/\n", "sub/file", "x");
    try (Builds builds = Builds.in(directory);
        GitServer server = GitServer.over(repository.getParent())) {
      String url = server.url("repo.git");
      builds.build(
          remote(url, new BuildfileInput.Default())
              .andThen(request -> request.buildArg("SOURCE_DATE_EPOCH", "context")));
      assertEquals("x", builds.root().get("/all/sub/file").content());
      assertFalse(builds.root().containsKey("/all/.git"));
      assertEquals(
          Optional.of(Instant.ofEpochSecond(1_000_000)), builds.image().config().created());
      builds.build(
          request -> request.namedContext("src", source(url + "#:sub")),
          "FROM src AS files",
          "FROM scratch",
          "COPY --from=files file /one",
          "COPY --from=src file /two");
      assertEquals("x", builds.root().get("/one").content());
      assertEquals("x", builds.root().get("/two").content());
      assertNothingLeft(builds);
    }
  }

  @Test
  void namedContext_ofAServer_isUnpacked_orASingleFile() throws Exception {
    byte[] tar = tar(true, "dir/file", "x");
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/tar", tar, "").file("/file", "y")) {
      builds.build(
          request ->
              request
                  .namedContext("tar", source(server.url("/tar")))
                  .namedContext("one", source(server.url("/file")))
                  .namedContext("unused", source(server.url("/lost"))),
          "FROM busybox:test",
          "COPY --from=tar dir /to/",
          "COPY --from=one context /to/one",
          "RUN --mount=from=tar,target=/mnt cat /mnt/dir/file");
      assertEquals("x", builds.root().get("/to/file").content());
      assertEquals(new Builds.RootFile(0600, 0, 0, "", "y"), builds.root().get("/to/one"));
      assertEquals(List.of("x"), builds.last().output());
    }
  }

  @Test
  void from_aDirectory_hasItsFiles() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path rootfs = Files.createDirectories(directory.resolve("rootfs/bin")).getParent();
      Files.copy(BusyboxRoot.BUSYBOX, rootfs.resolve("bin/sh"));
      Files.writeString(rootfs.resolve("secret"), "");
      Files.writeString(rootfs.resolve(".dockerignore"), "secret\n.dockerignore\n");
      String[] file = {"FROM rootfs", "RUN echo $PATH > /made"};
      Consumer<BuildRequest.Builder> named =
          request -> request.namedContext("rootfs", new ContextSource.Directory(rootfs));
      builds.build(named, file);
      assertTrue(builds.root().containsKey("/made"));
      assertFalse(builds.root().containsKey("/secret"));
      builds.build(named, file);
      assertEquals(List.of(), builds.last().ran());
    }
  }

  @Test
  void target_isAStageUnderAnotherName() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.namedContext("docker.io/library/busybox:test", source("target:mine")),
          "FROM busybox:test AS mine",
          "RUN echo x > /mine",
          "FROM busybox:test",
          "RUN test -f /mine");
      BuildfileException unknown =
          assertThrows(
              BuildfileException.class,
              () ->
                  builds.build(
                      request -> request.namedContext("busybox:test", source("target:nobody")),
                      "FROM busybox:test"));
      assertTrue(unknown.getMessage().contains("there is no stage \"nobody\""));
    }
  }

  @ParameterizedTest
  @CsvSource({"busybox:test", "docker.io/library/busybox:test", "index.docker.io/busybox:test"})
  void imageNames_areMatchedAsTheyAreMeant(String name) throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request ->
              request
                  .namedContext("busybox:test", source("docker-image://scratch"))
                  .namedContext("busybox:test::linux/s390x", source("docker-image://lost.test/x")),
          "FROM " + name,
          "LABEL a=b");
      assertEquals(List.of(), builds.image().config().diffIds());
    }
  }

  @Test
  void replacedStage_doesNothing() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.namedContext("last", source("docker-image://busybox:test")),
          "FROM scratch AS last",
          "RUN false");
      assertTrue(builds.root().containsKey("/bin/sh"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "context, 100",
    "named, 100",
    "stage, 100",
    "local, ''",
    "'', ''",
    "77, 77",
  })
  void epoch_ofEachKind(String epoch, String expected) throws Exception {
    byte[] tar = tar(false, "Buildfile", buildfile("unused"));
    try (Builds builds = Builds.in(directory);
        WebServer server =
            new WebServer()
                .file("/c", tar, "Thu, 01 Jan 1970 00:01:40 GMT")
                .file("/old", tar(false, "x", ""), "")) {
      server.file(
          "/c",
          tar(false, "Buildfile", buildfile(server.url("/c"))),
          "Thu, 01 Jan 1970 00:01:40 GMT");
      builds.build(
          remote(server.url("/c"), new BuildfileInput.Default())
              .andThen(
                  request ->
                      request
                          .namedContext("named", source(server.url("/c")))
                          .namedContext("local", source(directory.toString()))
                          .buildArg("SOURCE_DATE_EPOCH", epoch)));
      assertEquals(List.of("epoch=" + expected), builds.last().output());
      if (!expected.isEmpty()) {
        assertEquals(
            Optional.of(Instant.ofEpochSecond(Long.parseLong(expected))),
            builds.image().config().created());
      }
    }
  }

  private static String buildfile(String url) {
    return String.join(
        "\n",
        "FROM scratch AS stage",
        "ARG URL=" + url,
        "ADD $URL /",
        "FROM busybox:test",
        "ARG SOURCE_DATE_EPOCH",
        "RUN echo epoch=$SOURCE_DATE_EPOCH");
  }

  @Test
  void epoch_ofAnArchive_isThatOfItsNewestFile_andTheBuildfileMayHaveADefault() throws Exception {
    try (Builds builds = Builds.in(directory);
        WebServer server = new WebServer().file("/c", tar(false, "Buildfile", "x"), "")) {
      builds.build(
          request -> request.namedContext("c", source(server.url("/c"))),
          "ARG SOURCE_DATE_EPOCH=c",
          "FROM scratch",
          "LABEL a=b");
      assertEquals(Optional.of(Instant.ofEpochSecond(5000)), builds.image().config().created());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "-1", "last", "1e9", "run"})
  void epoch_thatIsNone_isRefused(String epoch) throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Exception refused =
          assertThrows(
              Exception.class,
              () ->
                  builds.build(
                      request -> request.buildArg("SOURCE_DATE_EPOCH", epoch),
                      "FROM scratch AS run",
                      "COPY x /",
                      "FROM busybox:test AS last"));
      assertTrue(refused instanceof UserException || refused instanceof BuildfileException);
    }
  }

  private static Consumer<BuildRequest.Builder> remote(String url, BuildfileInput buildfile) {
    return request ->
        request
            .context(new BuildContext.Remote((ContextSource.Remote) source(url)))
            .buildfile(buildfile);
  }

  private static ContextSource source(String text) {
    try {
      return ContextSource.parse(text);
    } catch (UserException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** An archive with files of the second 5000. */
  static byte[] tar(boolean gzip, String... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes) {
      TarWriter tar = new TarWriter(out);
      for (int i = 0; i < namesAndContents.length; i += 2) {
        byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
        begin(tar, namesAndContents[i], content.length);
        tar.write(content, 0, content.length);
      }
      tar.finish();
    }
    return bytes.toByteArray();
  }

  private static void begin(TarWriter tar, String name, long size) throws IOException {
    tar.begin(
        TarEntry.of(TarType.REGULAR, name.getBytes(StandardCharsets.UTF_8))
            .permissions(0644)
            .size(size)
            .modified(io.jbuild.linux.Timestamp.ofSeconds(5000))
            .build());
  }

  /** A repository with one commit of the second 1,000,000. */
  private Path repository(String... namesAndContents) throws Exception {
    Path work = Files.createDirectories(directory.resolve("work"));
    for (int i = 0; i < namesAndContents.length; i += 2) {
      Path file = work.resolve(namesAndContents[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, namesAndContents[i + 1]);
    }
    git(work, "init", "-q", ".");
    git(work, "add", ".");
    git(work, "-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "m");
    Path bare = directory.resolve("served").resolve("repo.git");
    git(work, "clone", "-q", "--bare", ".", bare.toString());
    return bare;
  }

  private static void git(Path work, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(work.toFile()).inheritIO();
    builder.environment().put("GIT_COMMITTER_DATE", "@1000000 +0000");
    builder.environment().put("GIT_AUTHOR_DATE", "@2000000 +0000");
    assertEquals(0, builder.start().waitFor());
  }

  private static void assertNothingLeft(Builds builds) throws IOException {
    try (Stream<Path> left = Files.list(builds.store().resolve("ingest"))) {
      assertEquals(List.of(), left.toList());
    }
  }
}
