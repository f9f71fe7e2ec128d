package io.jbuild.cli;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * The context and the Buildfile of a command line, each of which may be standard input or remote.
 *
 * @param context null for the current directory
 * @param file null for the usual names in the context
 */
record BuildInputs(@Nullable String context, @Nullable String file) {
  private static final String STANDARD_INPUT = "-";
  private static final String GITHUB = "github.com/";

  void addTo(BuildRequest.Builder request) throws IOException {
    if (file == null && STANDARD_INPUT.equals(context)) {
      request.context(new BuildContext.Archive(STANDARD_INPUT, System.in, true));
      return;
    }
    Optional<ContextSource.Remote> remote = context == null ? Optional.empty() : remote(context);
    if (remote.isPresent()) {
      request.context(new BuildContext.Remote(remote.get()));
    } else if (!STANDARD_INPUT.equals(context)) {
      local(request, context == null ? "." : context);
    }
    if (file != null) {
      request.buildfile(buildfile(file, remote.isPresent()));
    }
  }

  /** What is here comes first: a directory may have a name like that of a remote place. */
  private static Optional<ContextSource.Remote> remote(String context) {
    try {
      if (context.startsWith(GITHUB)) {
        return Files.exists(Path.of(context))
            ? Optional.empty()
            : Optional.of(new ContextSource.Git(context));
      }
      Optional<ContextSource.Remote> found = ContextSource.Remote.find(context);
      return found.filter(source -> isUrl(context) || !Files.exists(Path.of(context)));
    } catch (UserException e) {
      throw new TypeConversionException("the context: " + e.getMessage());
    }
  }

  private static boolean isUrl(String text) {
    return text.contains("://");
  }

  private static void local(BuildRequest.Builder request, String context) throws IOException {
    Path path = Path.of(context);
    if (Files.isRegularFile(path)) {
      request.context(new BuildContext.Archive(context, Files.newInputStream(path), false));
    } else {
      request.context(path);
    }
  }

  /** Of a remote context a relative path is meant to be there. */
  private static BuildfileInput buildfile(String file, boolean remote) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return new BuildfileInput.Text(STANDARD_INPUT, System.in.readAllBytes());
    }
    try {
      Optional<ContextSource.Remote> found =
          isUrl(file) ? ContextSource.Remote.find(file) : Optional.empty();
      if (found.isPresent()) {
        if (found.get() instanceof ContextSource.Http http) {
          return new BuildfileInput.Fetched(http);
        }
        throw new TypeConversionException(
            "--file takes a file or the URL of one; " + found.get() + " can be the context");
      }
    } catch (UserException e) {
      throw new TypeConversionException("--file: " + e.getMessage());
    }
    Path path = Path.of(file);
    return remote && !path.isAbsolute()
        ? new BuildfileInput.InContext(path.normalize().toString())
        : new BuildfileInput.File(path);
  }
}
