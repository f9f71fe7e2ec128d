package io.jbuild.layers.tar;

import io.jbuild.linux.Printable;
import java.util.Arrays;

/** Names of unknown origin, quoted, escaped and short enough for one line of an error. */
public final class Quoted {
  private static final int LONGEST = 200;

  private Quoted() {}

  public static String of(byte[] bytes) {
    boolean whole = bytes.length <= LONGEST;
    String text = Printable.of(whole ? bytes : Arrays.copyOf(bytes, LONGEST));
    return '"' + text + (whole ? "\"" : "…\"");
  }
}
