package io.jbuild.cli.progress;

import io.jbuild.cli.text.Text;
import java.io.PrintStream;

/** Shows warnings alone. */
final class QuietProgress implements ProgressMode.ProgressDisplay {
  private final PrintStream err;

  QuietProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public synchronized void warning(String message) {
    err.println("warning: " + Text.printable(message));
  }

  @Override
  public void close() {
    err.flush();
  }
}
