package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.Optional;

/**
 * Where an instruction was written.
 *
 * @param range its lines, here-documents included
 * @param text the instruction as one line, continuations joined
 * @param escape the escape character that holds in its file
 */
public record Origin(Source source, SourceRange range, String text, char escape) {

  public BuildfileException error(String problem) {
    return new BuildfileException(problem, source, range);
  }

  public BuildfileException error(String problem, String hint) {
    return new BuildfileException(problem, source, range, Optional.of(hint));
  }

  public BuildfileException error(String problem, SourceRange where) {
    return new BuildfileException(problem, source, where);
  }

  public BuildfileException error(String problem, SourceRange where, String hint) {
    return new BuildfileException(problem, source, where, Optional.of(hint));
  }

  BuildfileException error(ExpansionException cause) {
    BuildfileException error =
        new BuildfileException(cause.problem(), source, range, cause.hint()).at(cause.word());
    error.initCause(cause);
    return error;
  }
}
