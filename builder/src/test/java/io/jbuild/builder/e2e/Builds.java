package io.jbuild.builder.e2e;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.InspectedImage;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.engine.Engines;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/** A store, a context directory and an engine, for one test. */
final class Builds implements AutoCloseable {
  static final String BASE = "busybox:test";

  private final Path directory;
  private final Engine engine;
  private final List<String> warnings = new ArrayList<>();
  private Recorder last = new Recorder();

  private Builds(Path directory) throws Exception {
    this.directory = directory;
    Files.createDirectories(directory.resolve("context"));
    this.engine =
        Engines.open(
            EngineSettings.of(directory.resolve("store")),
            OutputStream.nullOutputStream(),
            this::warn);
  }

  private synchronized void warn(String warning) {
    warnings.add(warning);
  }

  /** With a base image that has a shell. */
  static Builds in(Path directory) throws Exception {
    Assumptions.assumeTrue(
        Files.isReadable(BusyboxRoot.BUSYBOX), "skipped: there is no " + BusyboxRoot.BUSYBOX);
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: layers need root's rights");
    Builds builds = new Builds(directory);
    builds
        .engine
        .images()
        .importRoot(
            BusyboxRoot.tar(), Reference.parse(BASE), Platform.host(), List.of("CMD [\"sh\"]"));
    return builds;
  }

  /** Another engine on the store of an earlier one. */
  static Builds again(Path directory) throws Exception {
    return new Builds(directory);
  }

  static Reference name(String text) {
    try {
      return Reference.parse(text);
    } catch (io.jbuild.oci.text.MalformedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Engine engine() {
    return engine;
  }

  Path context() {
    return directory.resolve("context");
  }

  Path store() {
    return directory.resolve("store");
  }

  Recorder last() {
    return last;
  }

  /** Puts a file into the context. */
  Path file(String name, String content) throws IOException {
    Path file = context().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  BuildResult build(String... lines) throws Exception {
    return build(request -> {}, lines);
  }

  BuildResult build(Consumer<BuildRequest.Builder> more, String... lines) throws Exception {
    BuildRequest.Builder request =
        BuildRequest.builder()
            .context(context())
            .defaultNetwork(NetworkMode.NONE)
            .tag(Reference.parse("test/image"))
            .buildfile("Buildfile", String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    more.accept(request);
    last = new Recorder();
    return engine.build(request.build(), last);
  }

  InspectedImage image() throws Exception {
    return engine.images().inspect("test/image");
  }

  /** The files of the merged root, as {@code tar} tells them: path to mode, owner and content. */
  Map<String, RootFile> root() throws Exception {
    return root("test/image");
  }

  Map<String, RootFile> root(String name) throws Exception {
    Path tar = directory.resolve("root.tar");
    engine.images().exportRoot(name, Optional.of(tar));
    Map<String, RootFile> files = new TreeMap<>();
    try (var in = Files.newInputStream(tar)) {
      var reader = new io.jbuild.layers.tar.TarReader(in, io.jbuild.layers.tar.TarLimits.DEFAULT);
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        var entry = next.get();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = reader.read(buffer, 0, buffer.length);
            n > 0;
            n = reader.read(buffer, 0, buffer.length)) {
          content.write(buffer, 0, n);
        }
        String path = "/" + new String(entry.name(), StandardCharsets.UTF_8).replaceAll("/$", "");
        files.put(
            path,
            new RootFile(
                entry.permissions(),
                entry.uid(),
                entry.gid(),
                new String(entry.linkTarget(), StandardCharsets.UTF_8),
                content.toString(StandardCharsets.UTF_8)));
      }
    }
    return files;
  }

  record RootFile(int mode, long uid, long gid, String link, String content) {}

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
