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

  public BuildfileException(
      String problem, Source source, SourceRange range, Optional<String> hint) {
    super(Printable.visible(source.name() + ":" + range.startLine() + ": " + problem));
    this.problem = Printable.visible(problem);
    this.source = source;
    this.range = range;
    this.hint = hint.map(Printable::visible);
  }

  public BuildfileException(String problem, Source source, SourceRange range) {
    this(problem, source, range, Optional.empty());
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
   * The message, the lines around it with {@code >>>} at those meant, by what the file is included,
   * and the hint.
   */
  public String render() {
    String excerpt = Excerpt.render(source, range);
    return getMessage()
        + "\n"
        + excerpt
        + source.inclusions()
        + hint.map(text -> text + "\n").orElse("");
  }
}
