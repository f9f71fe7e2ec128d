package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts of src/it on the packaged program. debian-nginx.sh is not among them, because it
 * needs Debian's mirror; run it by hand.
 */
class AcceptanceIT {
  /** What lib.sh ends with where a program that it compares with is not installed. */
  private static final int SKIPPED = 77;

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "isolation",
        "language",
        "shared-layers",
        "bad-input",
        "arm64",
        "rootless",
        "ladder",
        "unprivileged-container",
        "steplimits",
        "steplimits-user",
        "probes",
        "hostile",
        "network"
      })
  void script_passes(String name) throws IOException, InterruptedException {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "SKIPPED: the acceptance scripts build as root");
    Path log = temp.resolve(name + ".log");
    ProcessBuilder script =
        new ProcessBuilder("/bin/sh", Path.of(property("jbuild.it"), name + ".sh").toString());
    script.environment().put("JBUILD", java() + " -jar " + property("jbuild.jar"));
    script.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = script.start();
    boolean ended = process.waitFor(4, TimeUnit.MINUTES);
    if (!ended) {
      process.destroy();
    }
    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertTrue(ended, () -> name + " did not end in time:\n" + said);
    assumeTrue(process.exitValue() != SKIPPED, () -> said);
    assertEquals(0, process.exitValue(), () -> said);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    assertTrue(value != null, () -> name + " is not set: run this with mvn verify");
    return value;
  }
}
