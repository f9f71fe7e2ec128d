package io.jbuild.builder.instruction;

import io.jbuild.builder.parse.Keyword;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code HEALTHCHECK}: how to see that the container works.
 *
 * @param check empty for {@code NONE}
 */
public record Healthcheck(Origin origin, Optional<Check> check) implements Instruction {

  @Override
  public Keyword keyword() {
    return Keyword.HEALTHCHECK;
  }

  /**
   * A check; what is empty is left to the runtime.
   *
   * @param retries failures in a row until the container counts as broken
   */
  public record Check(
      CommandLine command,
      Optional<Duration> interval,
      Optional<Duration> timeout,
      Optional<Duration> startPeriod,
      Optional<Duration> startInterval,
      OptionalInt retries) {}

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
