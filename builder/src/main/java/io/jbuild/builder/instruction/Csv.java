package io.jbuild.builder.instruction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One line of comma-separated values; a field in double quotes may hold commas. */
public final class Csv {
  private final String text;
  private int at;

  private Csv(String text) {
    this.text = text;
  }

  /** The fields; empty for a quote that is in the wrong place or not closed. */
  public static Optional<List<String>> fields(String text) {
    Csv csv = new Csv(text);
    List<String> fields = new ArrayList<>();
    while (true) {
      Optional<String> field = csv.field();
      if (field.isEmpty()) {
        return Optional.empty();
      }
      fields.add(field.get());
      if (csv.at == text.length()) {
        return Optional.of(fields);
      }
      csv.at++;
    }
  }

  /** The line of some fields. */
  public static String join(List<String> fields) {
    return fields.stream()
        .map(
            field ->
                field.indexOf(',') < 0 && field.indexOf('"') < 0
                    ? field
                    : '"' + field.replace("\"", "\"\"") + '"')
        .collect(Collectors.joining(","));
  }

  private Optional<String> field() {
    if (text.startsWith("\"", at)) {
      return quoted();
    }
    int end = text.indexOf(',', at);
    String field = text.substring(at, end < 0 ? text.length() : end);
    at += field.length();
    return field.indexOf('"') < 0 ? Optional.of(field) : Optional.empty();
  }

  private Optional<String> quoted() {
    StringBuilder out = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        out.append(c);
      } else if (text.startsWith("\"", at)) {
        out.append(c);
        at++;
      } else {
        boolean ends = at == text.length() || text.charAt(at) == ',';
        return ends ? Optional.of(out.toString()) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
