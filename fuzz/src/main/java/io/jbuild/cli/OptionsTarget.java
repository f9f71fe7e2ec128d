package io.jbuild.cli;

import io.jbuild.fuzz.Promise;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.TypeConversionException;

/**
 * The values of command-line options: each is read, or refused with a message. Here, because the
 * readers are nobody else's business.
 */
public final class OptionsTarget {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOME", "/root", "a", "b", "SSH_AUTH_SOCK", "/run/agent");

  private OptionsTarget() {}

  public static void check(String text) {
    attempt(text, OutputOption::parse);
    attempt(text, t -> SecretOption.parse(t, ENVIRONMENT));
    attempt(text, t -> SshOption.parse(t, ENVIRONMENT));
    attempt(text, Values::host);
    attempt(text, t -> Promise.holds(Values.count(t) > 0, "a count of nothing"));
    attempt(text, t -> Values.pairsOrEnvironment(List.of(t), ENVIRONMENT));
  }

  private static void attempt(String text, Consumer<String> parse) {
    try {
      parse.accept(text);
    } catch (TypeConversionException e) {
      Promise.holds(!String.valueOf(e.getMessage()).isBlank(), "an empty message");
    }
  }
}
