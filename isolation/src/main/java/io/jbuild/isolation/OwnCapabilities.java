package io.jbuild.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do, as the bits of capabilities. */
final class OwnCapabilities {
  private static final String PERMITTED = "CapPrm:";

  private OwnCapabilities() {}

  static long permitted() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(PERMITTED)) {
        return Long.parseUnsignedLong(line.substring(PERMITTED.length()).trim(), 16);
      }
    }
    return 0;
  }
}
