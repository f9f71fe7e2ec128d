package io.jbuild.builder.lint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Variables whose names say that they hold a secret: all of them end in the image's history. */
final class SecretNames {
  private static final List<String> SECRET =
      List.of(
          "apikey",
          "auth",
          "credential",
          "credentials",
          "key",
          "password",
          "pword",
          "passwd",
          "secret",
          "token");

  private static final List<String> HARMLESS = List.of("public", "file", "version");

  private SecretNames() {}

  static void check(Line line, String keyword, String name, Findings findings) {
    if (isSecret(name)) {
      findings.add(
          line,
          Rule.SECRETS_USED_IN_ARG_OR_ENV,
          keyword
              + " \""
              + name
              + "\" would keep a secret in the image; use RUN --mount=type=secret");
    }
  }

  /** By the words between underscores, in any case. */
  static boolean isSecret(String name) {
    List<String> words = Arrays.asList(name.toLowerCase(Locale.ROOT).split("_", -1));
    return words.stream().anyMatch(SECRET::contains)
        && words.stream().noneMatch(HARMLESS::contains);
  }
}
