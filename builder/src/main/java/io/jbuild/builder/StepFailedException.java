package io.jbuild.builder;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.nio.file.Path;
import java.util.List;

/**
 * A step ran and failed: its command ended with a code that is not 0, was killed, or could not be
 * started. The message is one line with the place; {@link #render} adds what the user needs to see.
 */
public final class StepFailedException extends UserException {
  private static final long serialVersionUID = 1L;

  private final transient BuildfileException place;
  private final transient List<String> lastLines;
  private final transient Path log;
  private final String reason;
  private final int exitCode;
  private final boolean repeatable;

  /**
   * @param command its words
   * @param reason how it ended: {@code exit code 1}
   * @param exitCode what a shell would report: the code, or 128 + the signal
   * @param lastLines the end of the step's output
   * @param log the file with all of it
   * @param repeatable whether another try may end otherwise: the command was there, and ran
   */
  public StepFailedException(
      String command,
      String reason,
      Source source,
      SourceRange range,
      int exitCode,
      List<String> lastLines,
      Path log,
      boolean repeatable) {
    this(
        new BuildfileException(
            "process \"" + command + "\" did not complete successfully: " + reason, source, range),
        reason,
        exitCode,
        lastLines,
        log,
        repeatable);
  }

  private StepFailedException(
      BuildfileException place,
      String reason,
      int exitCode,
      List<String> lastLines,
      Path log,
      boolean repeatable) {
    super(String.valueOf(place.getMessage()));
    this.place = place;
    this.reason = reason;
    this.exitCode = exitCode;
    this.lastLines = List.copyOf(lastLines);
    this.log = log;
    this.repeatable = repeatable;
  }

  /** How the command ended, without the command. */
  public String reason() {
    return reason;
  }

  public int exitCode() {
    return exitCode;
  }

  public boolean repeatable() {
    return repeatable;
  }

  public List<String> lastLines() {
    return lastLines;
  }

  public Path log() {
    return log;
  }

  /** The last lines of output, the message, and the instruction in its Buildfile. */
  public String render() {
    StringBuilder text = new StringBuilder();
    if (!lastLines.isEmpty()) {
      text.append("last output of the step (all of it: ").append(log).append("):\n");
      lastLines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.append(place.render()).toString();
  }
}
