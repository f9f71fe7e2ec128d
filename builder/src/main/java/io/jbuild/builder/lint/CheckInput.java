package io.jbuild.builder.lint;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContextFiles;
import io.jbuild.builder.context.IgnoreFiles;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file to check.
 *
 * @param ignores the ignore rules of its context
 */
public record CheckInput(Source source, IgnoreRules ignores) {
  private static final List<String> NAMES = List.of("Buildfile", "Dockerfile", "Containerfile");

  /** Finds and reads the file as a build would. */
  public static CheckInput read(BuildContext context, BuildfileInput input)
      throws IOException, UserException, BuildfileException {
    if (input instanceof BuildfileInput.Text text) {
      Source source = Source.of(text.name(), text.content());
      return new CheckInput(source, ignores(context, Optional.empty()));
    }
    if (input instanceof BuildfileInput.File file) {
      return new CheckInput(read(file.path()), ignores(context, Optional.of(file.path())));
    }
    if (!(context instanceof BuildContext.Directory directory)) {
      throw new UserException("no Buildfile and no context", "give one with -f");
    }
    return inDirectory(directory);
  }

  private static CheckInput inDirectory(BuildContext.Directory directory)
      throws IOException, UserException, BuildfileException {
    requireDirectory(directory.path());
    for (String name : NAMES) {
      Optional<byte[]> content = ContextFiles.read(directory.path(), name);
      if (content.isPresent()) {
        Path file = directory.path().resolve(name);
        return new CheckInput(
            Source.of(name, content.get()), ignores(directory, Optional.of(file)));
      }
    }
    throw new UserException(
        "no Buildfile in \"" + directory.path() + "\"",
        "looked for " + String.join(", ", NAMES) + "; -f names another file");
  }

  private static Source read(Path file) throws IOException, UserException {
    if (!Files.exists(file)) {
      throw new UserException("there is no Buildfile \"" + file + "\"");
    }
    if (!Files.isRegularFile(file)) {
      throw new UserException("Buildfile \"" + file + "\" is not a file");
    }
    return Source.of(file.toString(), Files.readAllBytes(file));
  }

  static IgnoreRules ignores(BuildContext context, Optional<Path> buildfile)
      throws IOException, UserException, BuildfileException {
    if (!(context instanceof BuildContext.Directory directory)) {
      return IgnoreRules.NONE;
    }
    requireDirectory(directory.path());
    return IgnoreFiles.find(directory.path(), buildfile);
  }

  private static void requireDirectory(Path path) throws UserException {
    if (!Files.isDirectory(path)) {
      throw new UserException("there is no directory \"" + path + "\" to check");
    }
  }
}
