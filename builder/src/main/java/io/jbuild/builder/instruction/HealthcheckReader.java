package io.jbuild.builder.instruction;

import io.jbuild.builder.instruction.FlagReader.Kind;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.GoDuration;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads HEALTHCHECK. */
final class HealthcheckReader {
  /** Docker's smallest interval. */
  private static final Duration MINIMUM = Duration.ofMillis(1);

  private static final Map<String, Kind> FLAGS =
      Map.of(
          "interval", Kind.STRING,
          "timeout", Kind.STRING,
          "start-period", Kind.STRING,
          "start-interval", Kind.STRING,
          "retries", Kind.STRING);

  private final Node node;
  private final Origin origin;

  HealthcheckReader(Node node, Origin origin) {
    this.node = node;
    this.origin = origin;
  }

  Healthcheck read() throws BuildfileException {
    FlagReader flags = FlagReader.read(origin, node.flags(), FLAGS);
    if (!(node.arguments() instanceof Arguments.Health health) || health.type().isEmpty()) {
      throw origin.error("HEALTHCHECK requires at least one argument");
    }
    CommandLine command = InstructionReader.command(health.command());
    boolean empty =
        command.equals(new CommandLine.ShellText(""))
            || (command instanceof CommandLine.Exec exec && exec.argv().isEmpty());
    switch (health.type().toUpperCase(Locale.ROOT)) {
      case "NONE":
        if (!empty) {
          throw origin.error("HEALTHCHECK NONE takes no arguments");
        }
        return new Healthcheck(origin, Optional.empty());
      case "CMD":
        if (empty) {
          throw origin.error("missing command after HEALTHCHECK CMD");
        }
        return new Healthcheck(origin, Optional.of(check(command, flags)));
      default:
        throw origin
            .error(
                "unknown type \"" + health.type() + "\" in HEALTHCHECK (try CMD)",
                "write HEALTHCHECK CMD and the command, or HEALTHCHECK NONE")
            .at(health.type());
    }
  }

  private Healthcheck.Check check(CommandLine command, FlagReader flags) throws BuildfileException {
    return new Healthcheck.Check(
        command,
        duration(flags, "interval"),
        duration(flags, "timeout"),
        duration(flags, "start-period"),
        duration(flags, "start-interval"),
        retries(flags));
  }

  private Optional<Duration> duration(FlagReader flags, String name) throws BuildfileException {
    Optional<Flag> flag = flags.find(name);
    Optional<String> text = flags.string(name);
    if (flag.isEmpty() || text.isEmpty()) {
      return Optional.empty();
    }
    Duration duration;
    try {
      duration = GoDuration.parse(text.get());
    } catch (IllegalArgumentException e) {
      throw origin
          .error(String.valueOf(e.getMessage()), flag.get().range(), "write 30s, 1m30s or 500ms")
          .at(flag.get().written());
    }
    if (!duration.isZero() && duration.compareTo(MINIMUM) < 0) {
      throw origin
          .error(
              "interval \"" + name + "\" cannot be less than 1ms",
              flag.get().range(),
              "write --" + name + "=30s; 0 leaves it to the runtime")
          .at(flag.get().written());
    }
    return Optional.of(duration);
  }

  private OptionalInt retries(FlagReader flags) throws BuildfileException {
    Optional<Flag> flag = flags.find("retries");
    Optional<String> text = flags.string("retries");
    if (flag.isEmpty() || text.isEmpty()) {
      return OptionalInt.empty();
    }
    Optional<Long> retries = Numbers.unsigned(text.get(), 10, Integer.MAX_VALUE);
    if (retries.isEmpty()) {
      throw origin
          .error(
              "--retries must be a number that is not negative, not \"" + text.get() + "\"",
              flag.get().range())
          .at(flag.get().written());
    }
    return OptionalInt.of(retries.get().intValue());
  }
}
