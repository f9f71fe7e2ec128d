package io.jbuild.isolation.running;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a sandbox is called while it runs.
 *
 * @param name unique among those that run
 * @param of the image, or the step that it is
 */
public record SandboxLabel(String name, String of) {
  private static final int LONGEST = 128;

  public SandboxLabel {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a sandbox's name: \"" + name + "\"");
    }
  }

  /** Whether a sandbox can be called this: letters, digits, {@code _.-}, no sign in front. */
  public static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]*") && text.length() <= LONGEST;
  }

  /** With a name that nobody else has. */
  public static SandboxLabel unnamed(String kind, String of) {
    byte[] random = new byte[6];
    ThreadLocalRandom.current().nextBytes(random);
    return new SandboxLabel(kind + "-" + HexFormat.of().formatHex(random), of);
  }
}
