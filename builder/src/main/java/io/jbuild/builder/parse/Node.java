package io.jbuild.builder.parse;

import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.List;

/**
 * One instruction as written.
 *
 * @param source the file that it is in
 * @param written the keyword in the case that the user chose
 * @param body what follows the flags, continuations joined, blanks around it gone
 * @param heredocs in the order of their openings
 * @param comments the comment lines above, without {@code #}
 * @param range all lines, here-documents included
 * @param text the whole instruction as one line, without here-documents
 */
public record Node(
    Source source,
    Keyword keyword,
    String written,
    List<Flag> flags,
    String body,
    Arguments arguments,
    List<Heredoc> heredocs,
    List<String> comments,
    SourceRange range,
    String text) {
  private static final int MAX_WIDTH = 16 * 1024;

  public Node {
    flags = List.copyOf(flags);
    heredocs = List.copyOf(heredocs);
    comments = List.copyOf(comments);
  }

  Node withHeredocs(List<Heredoc> found, SourceRange all) {
    return new Node(source, keyword, written, flags, body, arguments, found, comments, all, text);
  }

  public Node withHeredocs(List<Heredoc> others) {
    return withHeredocs(others, range);
  }

  public Node withFlags(List<Flag> others) {
    return new Node(
        source, keyword, written, others, body, arguments, heredocs, comments, range, text);
  }

  /** With another body; the text, which people see, stays. */
  public Node withBody(String newBody, Arguments newArguments) {
    return new Node(
        source, keyword, written, flags, newBody, newArguments, heredocs, comments, range, text);
  }

  public Node withComments(List<String> others) {
    return new Node(
        source, keyword, written, flags, body, arguments, heredocs, others, range, text);
  }

  /** Another instruction at the same place, which the file does not have. */
  public Node inItsPlace(Keyword other, String otherBody, Arguments otherArguments) {
    return new Node(
        source,
        other,
        other.name(),
        List.of(),
        otherBody,
        otherArguments,
        List.of(),
        List.of(),
        range,
        other.name() + " " + otherBody);
  }

  /** The instruction that here-documents belong to: that of a trigger, else this one. */
  Node innermost() {
    return arguments instanceof Arguments.Trigger trigger ? trigger.node() : this;
  }

  public void print(StringBuilder out, char escape) {
    out.append(written);
    flags.forEach(flag -> flag.print(out));
    if (body.startsWith("--")) {
      out.append(" --");
    }
    if (!body.isEmpty()) {
      out.append(' ');
      printBody(out, escape);
    }
    out.append('\n');
    for (Heredoc heredoc : heredocs) {
      out.append(heredoc.text()).append(heredoc.name()).append('\n');
    }
  }

  /** In one line, unless it is longer than a line may be. */
  private void printBody(StringBuilder out, char escape) {
    int width = 0;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (width >= MAX_WIDTH && mayContinueWith(c) && body.charAt(i - 1) != escape) {
        out.append(escape).append('\n');
        width = 0;
      }
      out.append(c);
      width++;
    }
    if (body.charAt(body.length() - 1) == escape) {
      // Else it would continue the line; a form feed keeps it from that, and is trimmed.
      out.append('\f');
    }
  }

  private static boolean mayContinueWith(char c) {
    return c > ' ' && c < 0x7F && c != '#' && c != '\\' && c != '`';
  }
}
