package io.jbuild.builder.context;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildfileInput;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the Buildfile that a build, or a check, means. */
public final class BuildfileFinder {
  private static final List<String> NAMES =
      List.of("Buildfile", "Dockerfile", "Containerfile", "dockerfile");
  private static final int MAX_BYTES = 16 << 20;

  private BuildfileFinder() {}

  /**
   * @param path where it is; empty when it is no file
   */
  public record Found(Source source, Optional<Path> path) {}

  /** The file that was named, or the first in the context that has one of the usual names. */
  public static Found find(BuildContext context, BuildfileInput input)
      throws IOException, UserException {
    if (input instanceof BuildfileInput.Text text) {
      return new Found(Source.of(text.name(), text.content()), Optional.empty());
    }
    if (input instanceof BuildfileInput.File file) {
      return new Found(
          Source.of(file.path().toString(), read(file.path())), Optional.of(file.path()));
    }
    if (input instanceof BuildfileInput.Fetched fetched) {
      throw new UserException(fetched.source() + " is not fetched to be looked at alone");
    }
    return input instanceof BuildfileInput.InContext named
        ? inContext(context, named.path())
        : inContext(context);
  }

  private static Found inContext(BuildContext place, String name)
      throws IOException, UserException {
    if (!(place instanceof BuildContext.Directory context)) {
      throw new UserException("no context that could have a Buildfile \"" + name + "\"");
    }
    if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
      throw new UserException("\"" + name + "\" is no path in the context");
    }
    Optional<byte[]> content = ContextFiles.read(context.path(), name);
    return new Found(
        Source.of(
            name,
            content.orElseThrow(
                () -> new UserException("there is no Buildfile \"" + name + "\" in the context"))),
        Optional.of(context.path().resolve(name)));
  }

  private static Found inContext(BuildContext place) throws IOException, UserException {
    if (!(place instanceof BuildContext.Directory context)) {
      throw new UserException("no Buildfile and no context", "give one with -f");
    }
    if (!Files.isDirectory(context.path())) {
      throw new UserException("there is no directory \"" + context.path() + "\" to build from");
    }
    for (String name : NAMES) {
      Optional<byte[]> content = ContextFiles.read(context.path(), name);
      if (content.isPresent()) {
        return new Found(Source.of(name, content.get()), Optional.of(context.path().resolve(name)));
      }
    }
    throw new UserException(
        "no Buildfile in \"" + context.path() + "\"",
        "looked for " + String.join(", ", NAMES) + "; -f names another file");
  }

  /** The first of the usual names that a context has; the file is not read. */
  static Optional<Path> present(Path context) {
    return NAMES.stream().map(context::resolve).filter(Files::exists).findFirst();
  }

  private static byte[] read(Path path) throws IOException, UserException {
    if (!Files.exists(path)) {
      throw new UserException("there is no Buildfile \"" + path + "\"");
    }
    if (Files.isDirectory(path)) {
      throw new UserException("Buildfile \"" + path + "\" is a directory");
    }
    try (var in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new UserException("Buildfile \"" + path + "\" is larger than 16 MiB");
      }
      return bytes;
    }
  }
}
