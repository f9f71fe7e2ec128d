package io.jbuild.builder.source;

import io.jbuild.oci.text.Printable;
import java.util.Optional;

/**
 * What is wrong in the user's text: one sentence, where, and often what to do about it.
 *
 * <p>{@link #getMessage} is {@code NAME:LINE: sentence}; {@link #render} adds the lines.
 */
public final class BuildfileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final transient Source source;
  private final transient SourceRange range;
  private final transient Optional<String> hint;
  private final String culprit;

  public BuildfileException(
      String problem, Source source, SourceRange range, Optional<String> hint) {
    this(problem, source, range, hint, "");
  }

  private BuildfileException(
      String problem, Source source, SourceRange range, Optional<String> hint, String culprit) {
    super(Printable.visible(source.name() + ":" + range.startLine() + ": " + problem));
    this.problem = Printable.visible(problem);
    this.source = source;
    this.range = range;
    this.hint = hint.map(Printable::visible);
    this.culprit = culprit;
  }

  public BuildfileException(String problem, Source source, SourceRange range) {
    this(problem, source, range, Optional.empty());
  }

  /**
   * The same about one word of those lines, as it is written there: {@link #render} draws carets
   * below it. A word that is not found, since a variable or a continuation made it, gets none.
   */
  public BuildfileException at(String word) {
    BuildfileException error = new BuildfileException(problem, source, range, hint, word);
    if (getCause() != null) {
      error.initCause(getCause());
    }
    return error;
  }

  /** The sentence alone, without the place. */
  public String problem() {
    return problem;
  }

  public Source source() {
    return source;
  }

  public SourceRange range() {
    return range;
  }

  /** What the user may do: a sentence such as {@code did you mean COPY?}. */
  public Optional<String> hint() {
    return hint;
  }

  /**
   * The message, the lines around it with {@code >>>} at those meant and carets below the word, by
   * what the file is included, and the hint.
   */
  public String render() {
    String excerpt = Excerpt.render(source, range, culprit);
    return getMessage()
        + "\n"
        + excerpt
        + source.inclusions()
        + hint.map(text -> text + "\n").orElse("");
  }
}
