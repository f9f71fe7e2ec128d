package io.jbuild.cli.progress;

import io.jbuild.builder.BuildListener;
import io.jbuild.cli.text.Terminal;
import java.io.PrintStream;
import java.util.Locale;

/** The values of {@code --progress}. */
public enum ProgressMode {
  /** {@link #TTY} where standard error is a terminal, {@link #PLAIN} elsewhere. */
  AUTO,
  /** A live view that is redrawn. */
  TTY,
  /** One line per event. */
  PLAIN,
  /** One JSON object per event. */
  RAWJSON,
  /** Warnings and errors only. */
  QUIET;

  /** Makes the display; the caller closes it when the build is over. */
  public ProgressDisplay open(PrintStream err) {
    ProgressMode mode = this == AUTO ? (errorIsTerminal() ? TTY : PLAIN) : this;
    switch (mode) {
      case TTY:
        return new LiveProgress(err, TerminalSize.current());
      case RAWJSON:
        return new JsonProgress(err);
      case QUIET:
        return new QuietProgress(err);
      default:
        return new PlainProgress(err);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static boolean errorIsTerminal() {
    String term = System.getenv("TERM");
    return term != null && !term.equals("dumb") && Terminal.is(Terminal.ERROR);
  }

  /** A listener that has something to put in order when the build is over. */
  public interface ProgressDisplay extends BuildListener, AutoCloseable {
    @Override
    void close();
  }
}
