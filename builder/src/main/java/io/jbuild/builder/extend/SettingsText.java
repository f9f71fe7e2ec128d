package io.jbuild.builder.extend;

import io.jbuild.oci.Healthcheck;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.RunConfig;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** All settings of an image as instructions for a stage that has none. */
final class SettingsText {
  private final StringBuilder out = new StringBuilder();
  private final char escape;

  private SettingsText(char escape) {
    this.escape = escape;
  }

  /**
   * A line for each; empty strings where a value has several lines, which no plain file can say.
   */
  static String of(ImageConfig image, char escape) {
    SettingsText text = new SettingsText(escape);
    if (!image.author().isEmpty()) {
      text.line("MAINTAINER", image.author());
    }
    text.settings(image.config());
    return text.out.toString();
  }

  private void settings(RunConfig config) {
    for (String entry : config.env()) {
      int equals = entry.indexOf('=');
      pair("ENV", entry.substring(0, equals), entry.substring(equals + 1));
    }
    config.labels().forEach((name, value) -> pair("LABEL", name, value));
    config.exposedPorts().forEach(port -> line("EXPOSE", port));
    if (!config.volumes().isEmpty()) {
      line("VOLUME", json(List.copyOf(config.volumes())));
    }
    if (!config.shell().isEmpty()) {
      line("SHELL", json(config.shell()));
    }
    if (config.workingDir().length() > 1) {
      line("WORKDIR", Literal.of(config.workingDir(), escape));
    }
    if (!config.user().isEmpty()) {
      line("USER", Literal.of(config.user(), escape));
    }
    if (!config.entrypoint().isEmpty()) {
      line("ENTRYPOINT", json(config.entrypoint()));
    }
    if (!config.cmd().isEmpty()) {
      line("CMD", json(config.cmd()));
    }
    if (!config.stopSignal().isEmpty()) {
      line("STOPSIGNAL", config.stopSignal());
    }
    config.healthcheck().ifPresent(this::healthcheck);
    config.onBuild().forEach(trigger -> line("ONBUILD", trigger));
  }

  private void line(String keyword, String rest) {
    out.append(keyword).append(' ').append(rest).append('\n');
  }

  private void pair(String keyword, String name, String value) {
    line(keyword, Literal.of(name, escape) + "=" + Literal.of(value, escape));
  }

  private void healthcheck(Healthcheck check) {
    List<String> test = check.test();
    if (test.isEmpty() || test.get(0).equals("NONE")) {
      line("HEALTHCHECK", "NONE");
      return;
    }
    StringBuilder flags = new StringBuilder();
    flag(flags, "interval", check.interval());
    flag(flags, "timeout", check.timeout());
    flag(flags, "start-period", check.startPeriod());
    flag(flags, "start-interval", check.startInterval());
    if (check.retries() > 0) {
      flags.append("--retries=").append(check.retries()).append(' ');
    }
    List<String> words = test.subList(1, test.size());
    boolean shell = test.get(0).equals("CMD-SHELL");
    line("HEALTHCHECK", flags + "CMD " + (shell ? String.join(" ", words) : json(words)));
  }

  private static void flag(StringBuilder out, String name, Duration value) {
    if (!value.isZero()) {
      out.append("--").append(name).append('=').append(value.toMillis()).append("ms ");
    }
  }

  static String json(List<String> words) {
    return words.stream().map(SettingsText::json).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String json(String word) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
