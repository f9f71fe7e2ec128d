package io.jbuild.builder.extend;

import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Heredoc;
import io.jbuild.builder.parse.HeredocWord;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code RUN --strict}: words in front of a shell's text that make it end at the first command that
 * fails. They stand in the line of the first command, so that a shell counts lines as the file
 * does.
 */
final class StrictScript {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "busybox");

  /** A subshell tries the option, because an unknown one ends a POSIX shell. */
  private static final String TRY = "(set -o pipefail) 2>/dev/null";

  private static final String BEGIN = "set -e; " + TRY + " && set -o pipefail; ";
  private static final String BEGIN_WITH_PIPE =
      "set -e; if "
          + TRY
          + "; then set -o pipefail; else echo 'jbuild: --strict: this shell has no pipefail, of a"
          + " pipe only the last command counts' >&2; fi; ";

  private final Node node;

  private StrictScript(Node node) {
    this.node = node;
  }

  /**
   * The same RUN without the flag.
   *
   * @param shell of the stage, as far as its file says
   */
  static Node of(Node node, Optional<List<String>> shell) throws BuildfileException {
    StrictScript script = new StrictScript(node);
    if (!(node.arguments() instanceof Arguments.Text text)) {
      throw script.error("RUN --strict is for a shell's text: a list of words is one command");
    }
    boolean lone = !node.heredocs().isEmpty() && HeredocWord.parse(text.text()).isPresent();
    if (lone && node.heredocs().get(0).text().startsWith("#!")) {
      return script.withHeredoc(script.behindInterpreter(node.heredocs().get(0).text()));
    }
    if (shell.isPresent()) {
      script.checkShell(shell.get().get(0));
    }
    if (lone) {
      String content = node.heredocs().get(0).text();
      return script.withHeredoc(strict(content));
    }
    String body = begin(node.body()) + node.body();
    return node.withBody(body, new Arguments.Text(body));
  }

  private Node withHeredoc(String text) {
    List<Heredoc> heredocs = new ArrayList<>(node.heredocs());
    Heredoc first = heredocs.get(0);
    heredocs.set(
        0, new Heredoc(first.name(), first.expand(), first.stripTabs(), first.descriptor(), text));
    return node.withHeredocs(heredocs);
  }

  private String behindInterpreter(String text) throws BuildfileException {
    int end = text.indexOf('\n') + 1;
    String[] words = text.substring(2, end).strip().split("\\s+", -1);
    boolean byEnv = words[0].endsWith("/env") && words.length > 1;
    checkShell(byEnv ? words[words.length - 1] : words[0]);
    String rest = text.substring(end);
    return text.substring(0, end) + strict(rest);
  }

  /** Nothing needs nothing in front: the line of the terminator would not be one any more. */
  private static String strict(String lines) {
    return lines.isEmpty() ? lines : begin(lines) + lines;
  }

  private void checkShell(String program) throws BuildfileException {
    if (!SHELLS.contains(program.substring(program.lastIndexOf('/') + 1))) {
      throw error(
          "RUN --strict is for shells of the POSIX kind, and \""
              + program
              + "\" is not known as one");
    }
  }

  private static String begin(String script) {
    return mayHavePipe(script) ? BEGIN_WITH_PIPE : BEGIN;
  }

  /** Outside of quotes and comments; a pattern of {@code case} looks like a pipe, too. */
  private static boolean mayHavePipe(String script) {
    String bare =
        script
            .replaceAll("(?m)(^|\\s)#.*$", "")
            .replaceAll("\\\\.", "")
            .replaceAll("'[^']*'|\"[^\"]*\"", "");
    return bare.replace("||", "").indexOf('|') >= 0;
  }

  private BuildfileException error(String problem) {
    return new BuildfileException(problem, node.source(), node.range());
  }
}
