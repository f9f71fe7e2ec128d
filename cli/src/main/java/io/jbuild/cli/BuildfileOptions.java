package io.jbuild.cli;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.UserException;
import io.jbuild.builder.lint.CheckContext;
import io.jbuild.builder.lint.CheckInput;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a command that reads a Buildfile and builds nothing, as they stand on the command
 * line of {@code build}, too.
 *
 * @param context a directory, {@code -} for none, null for the current one
 * @param file null for the one in the context
 */
record BuildfileOptions(
    @Nullable String context,
    @Nullable String file,
    @Nullable String target,
    List<String> buildArgs,
    List<String> contexts,
    @Nullable String platform) {

  /** Reads the Buildfile and the ignore file that goes with it. */
  CheckInput read() throws Exception {
    boolean noContext = "-".equals(context);
    if (!noContext && context != null && !Files.isDirectory(Path.of(context))) {
      throw new UserException(
          "\"" + context + "\" is no directory, and only those are looked into without a build",
          "give the Buildfile with -f, and '-' as the context");
    }
    BuildContext directory =
        noContext
            ? new BuildContext.None()
            : new BuildContext.Directory(Path.of(context == null ? "." : context));
    return CheckInput.read(directory, buildfile(noContext));
  }

  private BuildfileInput buildfile(boolean noContext) throws IOException {
    if ("-".equals(file) || (noContext && file == null)) {
      return new BuildfileInput.Text("-", System.in.readAllBytes());
    }
    return file == null ? new BuildfileInput.Default() : new BuildfileInput.File(Path.of(file));
  }

  /** What the checks of that file take into account. */
  CheckContext checks(CheckInput input) throws UserException {
    CheckContext options =
        CheckContext.defaults()
            .withIgnores(input.ignores())
            .withFiles(input.files())
            .withBuildArgs(Values.pairsOrEnvironment(buildArgs, System.getenv()))
            .withTarget(Optional.ofNullable(target))
            .withContexts(Values.contexts(contexts));
    return options.withPlatform(platformOrHost());
  }

  Platform platformOrHost() {
    return platform == null ? Platform.host() : PlatformOption.one(platform);
  }
}
