package io.jbuild.cli;

import io.jbuild.builder.UserException;
import io.jbuild.builder.extend.Transpiler;
import io.jbuild.builder.lint.CheckInput;
import io.jbuild.oci.store.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "transpile",
    description =
        "Print a Buildfile of '# syntax=jbuild/1' as a plain Dockerfile of the same image.",
    footer = {
      "",
      "INCLUDE and IF are decided for these arguments and this platform, which become part of the"
          + " text. docs/language.md tells what cannot be said in a plain Dockerfile."
    })
final class TranspileCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      paramLabel = "CONTEXT",
      arity = "0..1",
      description =
          "Directory of the Buildfile and of what it includes; '-' for none (default: .).")
  @Nullable String context;

  @Mixin ReadingOptions reading = new ReadingOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to FILE instead of standard output.")
  @Nullable Path output;

  TranspileCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    BuildfileOptions options = reading.of(context, null, List.of());
    CheckInput input = options.read();
    String text;
    try (StoredBases bases = new StoredBases(this)) {
      text = Transpiler.transpile(input.source(), options.checks(input).facts(), bases::find);
    }
    if (output == null) {
      console.out().print(text);
    } else {
      write(output.toAbsolutePath(), text);
    }
    return ExitCode.OK;
  }

  /** As a whole or not at all, but for what is no plain file, such as {@code /dev/stdout}. */
  private static void write(Path file, String text) throws IOException, UserException {
    Path directory = file.getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new UserException("--output: there is no directory \"" + directory + "\"");
    }
    if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.writeString(file, text);
    } else {
      AtomicFiles.publish(file, text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
