package io.jbuild.builder.lint;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.BuildfileFinder;
import io.jbuild.builder.context.IgnoreFiles;
import io.jbuild.builder.extend.IncludeFiles;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file to check.
 *
 * @param ignores the ignore rules of its context
 * @param files of its context
 */
public record CheckInput(Source source, IgnoreRules ignores, IncludeFiles files) {
  /** Finds and reads the file as a build would. */
  public static CheckInput read(BuildContext context, BuildfileInput input)
      throws IOException, UserException, BuildfileException {
    BuildfileFinder.Found found = BuildfileFinder.find(context, input);
    return new CheckInput(found.source(), ignores(context, found.path()), IncludeFiles.of(context));
  }

  static IgnoreRules ignores(BuildContext context, Optional<Path> buildfile)
      throws IOException, UserException, BuildfileException {
    if (!(context instanceof BuildContext.Directory directory)) {
      return IgnoreRules.NONE;
    }
    if (!Files.isDirectory(directory.path())) {
      throw new UserException("there is no directory \"" + directory.path() + "\" to check");
    }
    return IgnoreFiles.find(directory.path(), buildfile);
  }
}
