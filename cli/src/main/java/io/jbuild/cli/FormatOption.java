package io.jbuild.cli;

import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --format} of a command that answers in words or in JSON. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How it is written (default: text).")
  String format = "text";

  boolean isJson() {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "text" -> false;
      case "json" -> true;
      default ->
          throw new TypeConversionException("--format is text or json, not '" + format + "'");
    };
  }
}
