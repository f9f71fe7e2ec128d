package io.jbuild.builder.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** Programs of others that tests compare with; a test without them is skipped. */
final class Tools {
  private Tools() {}

  static void require(String... programs) {
    for (String program : programs) {
      Assumptions.assumeTrue(
          List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").stream()
              .anyMatch(bin -> Files.isExecutable(Path.of(bin, program))),
          () -> "skipped: " + program + " is not installed");
    }
  }

  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + ": " + code + "\n" + output);
    }
    return output;
  }

  /** A registry of its own, on loopback. */
  static Registry registry(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
            + directory
            + "}}\nhttp: {addr: \"127.0.0.1:"
            + port
            + "\"}\n");
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Registry registry = new Registry(process, directory, "127.0.0.1:" + port);
    registry.awaitReady();
    return registry;
  }

  record Registry(Process process, Path directory, String host) implements AutoCloseable {
    private void awaitReady() throws InterruptedException, IOException {
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/v2/")).build();
      for (int i = 0; i < 200; i++) {
        try {
          client.send(request, HttpResponse.BodyHandlers.discarding());
          return;
        } catch (IOException e) {
          if (!process.isAlive()) {
            throw new IOException(Files.readString(directory.resolve("log")), e);
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
      throw new IOException("the registry does not answer");
    }

    long blobs() throws IOException {
      try (var all = Files.walk(directory.resolve("docker/registry/v2/blobs"))) {
        return all.filter(path -> path.endsWith("data")).count();
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
