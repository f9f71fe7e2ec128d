package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.CommandLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The simple commands in the text of a RUN, in order. A rough reading, good for hints: conditions
 * and loops count as if everything in them ran, substitutions stay as they are written, and of a
 * command with here-documents only the first line is read.
 */
final class ShellCommands {
  private static final Set<String> PREFIXES =
      Set.of(
          "then", "do", "else", "if", "elif", "while", "until", "!", "{", "}", "fi", "done", "sudo",
          "exec", "command", "time", "env", "(", ")");

  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash");

  private final String text;
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private StringBuilder word = new StringBuilder();
  private boolean inWord;
  private boolean skipNext;
  private int at;

  private ShellCommands(String text) {
    this.text = text;
  }

  static List<List<String>> of(CommandLine command) {
    if (command instanceof CommandLine.Exec exec) {
      List<String> argv = exec.argv();
      boolean shell = argv.size() == 3 && SHELLS.contains(argv.get(0)) && argv.get(1).endsWith("c");
      return shell ? parse(argv.get(2)) : List.of(argv);
    }
    return command instanceof CommandLine.ShellText shellText ? parse(shellText.text()) : List.of();
  }

  static List<List<String>> parse(String text) {
    int newline = text.indexOf('\n');
    boolean heredoc = newline > 0 && text.lastIndexOf("<<", newline) >= 0;
    return new ShellCommands(heredoc ? text.substring(0, newline) : text).read();
  }

  private List<List<String>> read() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '\'', '"' -> quoted(c);
        case '\\' -> escaped();
        case ' ', '\t', '\r' -> endWord();
        case '\n', ';', '|', '(', ')' -> endCommand();
        case '&' -> ampersand();
        case '>', '<' -> redirection();
        case '#' -> comment();
        default -> append(c);
      }
    }
    endCommand();
    return commands;
  }

  private void append(char c) {
    word.append(c);
    inWord = true;
    if (c == '$' && at < text.length() && text.charAt(at) == '(') {
      substitution();
    }
  }

  /** {@code $(…)} stays one piece of its word. */
  private void substitution() {
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      word.append(c);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        return;
      }
    }
  }

  private void quoted(char quote) {
    inWord = true;
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\' && quote == '"' && at < text.length()) {
        c = text.charAt(at++);
      }
      word.append(c);
    }
    at++;
  }

  private void escaped() {
    if (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\n') {
        append(c);
      }
    }
  }

  private void ampersand() {
    boolean redirects = at < text.length() && text.charAt(at) == '>';
    if (!redirects) {
      endCommand();
    }
  }

  /** {@code 2>&1}, {@code >>file}: neither the operator nor its file is a word. */
  private void redirection() {
    if (word.toString().chars().allMatch(Character::isDigit)) {
      word = new StringBuilder();
      inWord = false;
    }
    endWord();
    while (at < text.length() && "<>&|".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    skipNext = true;
  }

  private void comment() {
    if (inWord) {
      append('#');
      return;
    }
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private void endWord() {
    if (!inWord) {
      return;
    }
    if (skipNext) {
      skipNext = false;
    } else if (!words.isEmpty() || !isPrefix(word.toString())) {
      words.add(word.toString());
    }
    word = new StringBuilder();
    inWord = false;
  }

  /** What stands before a command's name: keywords, {@code sudo}, assignments. */
  private static boolean isPrefix(String word) {
    return PREFIXES.contains(word) || word.matches("[A-Za-z_][A-Za-z0-9_]*=(?s:.*)");
  }

  private void endCommand() {
    endWord();
    skipNext = false;
    if (!words.isEmpty()) {
      commands.add(List.copyOf(words));
      words = new ArrayList<>();
    }
  }
}
