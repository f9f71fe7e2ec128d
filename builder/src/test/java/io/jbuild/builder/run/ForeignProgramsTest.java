package io.jbuild.builder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignProgramsTest {
  private static final Platform ARM = Platform.of("linux", "arm64");
  private static final Platform AMD = Platform.of("linux", "amd64");

  @TempDir Path handlers;

  @BeforeEach
  void directory() throws IOException {
    Files.writeString(handlers.resolve("status"), "enabled\n");
    Files.writeString(handlers.resolve("register"), "");
  }

  private void handler(String state, String flags) throws IOException {
    Files.writeString(
        handlers.resolve("qemu-aarch64"),
        state
            + "\ninterpreter /usr/bin/qemu-aarch64-static\nflags: "
            + flags
            + "\noffset 0\nmagic 7f454c460201010000000000000000000200b700\nmask ffff\n");
  }

  private String explained(boolean missing, Platform image) throws IOException {
    return ForeignPrograms.of(handlers, AMD)
        .explain(missing, image)
        .map(UserException::getMessage)
        .orElse("");
  }

  @Test
  void unknownFormat_withoutAHandler_isExplained() throws Exception {
    String said = explained(false, ARM);
    assertTrue(said.contains("linux/arm64") && said.contains("no handler"), said);
    handler("disabled", "F");
    assertEquals(said, explained(false, ARM));
    Optional<UserException> nowhere =
        ForeignPrograms.of(handlers.resolve("none"), AMD).explain(false, ARM);
    assertTrue(nowhere.orElseThrow().hint().orElseThrow().contains("apt-get install"));
  }

  @Test
  void unknownFormat_withAHandler_isTheProgramsFault() throws Exception {
    handler("enabled", "PF");
    assertEquals("", explained(false, ARM));
    assertTrue(explained(false, Platform.of("linux", "s390x")).contains("linux/s390x"));
  }

  @Test
  void ownPlatform_isNoReason() throws Exception {
    assertEquals("", explained(false, AMD));
    assertEquals("", explained(true, AMD));
  }

  @Test
  void missing_mayBeTheInterpreterInTheImage() throws Exception {
    handler("enabled", "P");
    String said = explained(true, ARM);
    assertTrue(said.contains("\"qemu-aarch64\"") && said.contains("qemu-aarch64-static"), said);
    handler("enabled", "PF");
    assertEquals("", explained(true, ARM));
  }
}
