package io.jbuild.builder.libs;

import java.util.List;
import java.util.Optional;

/**
 * The first line of a script.
 *
 * @param interpreter an absolute path
 * @param command what {@code env} is to look up in PATH, when that is the interpreter
 */
record Shebang(String interpreter, Optional<String> command) {
  /** The kernel looks at no more (BINPRM_BUF_SIZE). */
  static final int LIMIT = 256;

  static final List<String> PATH =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  static Optional<Shebang> parse(byte[] start) {
    String text = Texts.text(start);
    if (!text.startsWith("#!")) {
      return Optional.empty();
    }
    int end = text.indexOf('\n');
    String[] words = text.substring(2, end < 0 ? text.length() : end).strip().split("[ \t]+", -1);
    if (!words[0].startsWith("/")) {
      return Optional.empty();
    }
    Optional<String> command = Optional.empty();
    if (Texts.baseName(words[0]).equals("env")) {
      for (int i = 1; i < words.length && command.isEmpty(); i++) {
        if (!words[i].startsWith("-") && !words[i].contains("=")) {
          command = Optional.of(words[i]);
        }
      }
    }
    return Optional.of(new Shebang(words[0], command));
  }
}
