package io.jbuild.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * A file of environment variables as Docker has it: one a line, nothing unquoted or expanded; empty
 * lines and those that begin with {@code #} are left out.
 */
final class EnvironmentFile {
  private EnvironmentFile() {}

  static List<String> read(Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new TypeConversionException("--env-file: there is no file \"" + file + "\"");
    }
    List<String> variables = new ArrayList<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        String text = line.stripLeading();
        if (!text.isEmpty() && !text.startsWith("#")) {
          variables.add(checked(file, number, text));
        }
      }
    } catch (MalformedInputException e) {
      throw new TypeConversionException("--env-file \"" + file + "\" is not UTF-8");
    }
    return variables;
  }

  private static String checked(Path file, int number, String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
      throw new TypeConversionException(
          "--env-file \"" + file + "\", line " + number + ": not NAME=VALUE");
    }
    return text;
  }
}
