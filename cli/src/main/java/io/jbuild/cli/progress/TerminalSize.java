package io.jbuild.cli.progress;

import java.util.Optional;

/** How many columns and rows the terminal has, as far as the environment tells. */
record TerminalSize(int columns, int rows) {
  private static final TerminalSize USUAL = new TerminalSize(80, 24);

  static TerminalSize current() {
    return new TerminalSize(
        number("COLUMNS").orElse(USUAL.columns), number("LINES").orElse(USUAL.rows));
  }

  private static Optional<Integer> number(String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .filter(value -> value.matches("[1-9][0-9]{0,3}"))
        .map(Integer::valueOf);
  }
}
