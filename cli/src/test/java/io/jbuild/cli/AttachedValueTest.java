package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class AttachedValueTest {
  @Command
  static final class Example {
    @Option(
        names = "--pull",
        arity = "0..1",
        preprocessor = AttachedValue.ForPull.class,
        fallbackValue = "always",
        defaultValue = "missing")
    String pull = "";

    @Parameters(arity = "0..1")
    @Nullable String context;
  }

  @ParameterizedTest
  @CsvSource({
    "., missing, .",
    "--pull ., always, .",
    ". --pull, always, .",
    "--pull -- ., always, .",
    "--pull=never ., never, .",
    "--pull never ., never, .",
    "--pull=., ., ",
    "--pull, always, "
  })
  void value_isAttachedOrKnown(String line, String pull, @Nullable String context) {
    Example example = new Example();
    new CommandLine(example).parseArgs(line.split(" "));
    assertEquals(pull, example.pull);
    assertEquals(context, example.context);
  }
}
