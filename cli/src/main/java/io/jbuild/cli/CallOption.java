package io.jbuild.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code --call=NAME[,format=text|json][,ignorestatus=true]}: what {@code build} does instead of
 * building.
 *
 * @param json whether the answer is JSON
 * @param ignoreStatus whether findings leave the exit code 0
 */
record CallOption(Kind kind, boolean json, boolean ignoreStatus) {
  static final CallOption BUILD = new CallOption(Kind.BUILD, false, false);

  /** What is asked for. */
  enum Kind {
    BUILD,
    CHECK,
    OUTLINE,
    TARGETS
  }

  static CallOption parse(String text) {
    Kind kind = Kind.BUILD;
    boolean json = false;
    boolean ignoreStatus = false;
    boolean named = false;
    for (Map.Entry<String, String> field : Values.fields("--call", text).entrySet()) {
      switch (field.getKey()) {
        case "format" -> json = isJson(field.getValue());
        case "ignorestatus" -> ignoreStatus = isTrue(field.getValue());
        default -> {
          if (named || !field.getValue().equals("true")) {
            throw unknown(text);
          }
          named = true;
          kind = kind(field.getKey(), text);
        }
      }
    }
    return new CallOption(kind, json, ignoreStatus);
  }

  /** With {@code --check} beside it. */
  CallOption orCheck() {
    if (kind != Kind.BUILD && kind != Kind.CHECK) {
      throw new TypeConversionException("--check and --call ask for different things");
    }
    return new CallOption(Kind.CHECK, json, ignoreStatus);
  }

  private static Kind kind(String name, String text) {
    return switch (name) {
      case "build" -> Kind.BUILD;
      case "check", "lint" -> Kind.CHECK;
      case "outline" -> Kind.OUTLINE;
      case "targets" -> Kind.TARGETS;
      default -> throw unknown(text);
    };
  }

  private static boolean isJson(String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "text" -> false;
      case "json" -> true;
      default ->
          throw new TypeConversionException("--call: format is text or json, not '" + format + "'");
    };
  }

  private static boolean isTrue(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw new TypeConversionException(
              "--call: ignorestatus is true or false, not '" + value + "'");
    };
  }

  private static TypeConversionException unknown(String text) {
    return new TypeConversionException(
        "--call is build, check, outline or targets, with format=json or ignorestatus=true behind"
            + " a comma, not '"
            + text
            + "'");
  }
}
