package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The cases of testdata/differential beside other builders: a few with this machine's Buildah, or,
 * with the profile {@code differential}, all of them with every peer there is. What they say is in
 * target/differential.log.
 */
class DifferentialIT {
  /** What the suite ends with where there is nobody to compare with. */
  private static final int SKIPPED = 77;

  private static final int MINUTES = 40;

  @Test
  void imagesAreThoseOfTheirPeers_butForWhatIsWrittenDown()
      throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: building needs root");
    Path log = Path.of(property("jbuild.jar")).resolveSibling("differential.log");
    ProcessBuilder suite = new ProcessBuilder(command());
    suite.environment().put("JBUILD", java() + " -jar " + property("jbuild.jar"));
    suite.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = suite.start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroy();
    }
    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertTrue(ended, () -> "not done in time:\n" + said);
    assumeTrue(process.exitValue() != SKIPPED, () -> said);
    assertEquals(0, process.exitValue(), () -> said);
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add("python3");
    command.add(Path.of(property("jbuild.it"), "differential", "differential.py").toString());
    if (Boolean.getBoolean("differential.all")) {
      String root = System.getProperty("differential.peerRoot", "");
      if (!root.isEmpty()) {
        command.addAll(List.of("--peer-root", root));
      }
    } else {
      command.addAll(List.of("--quick", "--peers", "buildah"));
    }
    return command;
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
