package io.jbuild.builder.instruction;

import java.util.List;

/** What a command instruction runs. */
public sealed interface CommandLine {

  /** Exec form: these arguments, no shell. */
  record Exec(List<String> argv) implements CommandLine {
    public Exec {
      argv = List.copyOf(argv);
    }
  }

  /** Shell form: one argument for the current {@code SHELL}; here-documents are part of it. */
  record ShellText(String text) implements CommandLine {}

  /**
   * {@code RUN <<NAME} with content that begins with {@code #!}: a file that is run directly.
   *
   * @param name of the file
   */
  record Script(String name, String content) implements CommandLine {}
}
