package io.jbuild.cli.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a descriptor of this process is a terminal. */
public final class Terminal {
  public static final int INPUT = 0;
  public static final int OUTPUT = 1;
  public static final int ERROR = 2;

  private Terminal() {}

  public static boolean is(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)));
      return target.startsWith("/dev/pts")
          || target.toString().startsWith("/dev/tty")
          || target.equals(Path.of("/dev/console"));
    } catch (IOException e) {
      return false; // no /proc: what is right for a file or a pipe is right everywhere
    }
  }
}
