package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.Images;
import io.jbuild.cli.progress.ProgressMode;
import io.jbuild.cli.text.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "load",
    description = "Read images from an OCI layout, an OCI archive or a docker archive.")
final class LoadCommand extends CommandBase implements Callable<Integer> {
  private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      description =
          "The archive, or the directory of an OCI layout; '-', or none, for standard input.")
  @Nullable Path source;

  @Option(
      names = {"-i", "--input"},
      hidden = true,
      paramLabel = "PATH",
      description = "The same, as docker has it.")
  @Nullable Path input;

  @Mixin TransferOptions transfer = new TransferOptions();

  LoadCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    Path from = source();
    List<Images.Loaded> loaded;
    try (Interrupts interrupts = Interrupts.watch();
        ProgressMode.ProgressDisplay display = transfer.open(console.err());
        Engine engine = open(global().settings(), display::warning)) {
      loaded = interrupts.run(() -> engine.images().load(from, display));
    }
    for (Images.Loaded image : loaded) {
      String name = image.name().map(each -> each.familiar() + " ").orElse("");
      console.out().println(name + image.id());
    }
    return ExitCode.OK;
  }

  private Path source() {
    if (source != null && input != null) {
      throw new TypeConversionException("the archive is named twice");
    }
    Path named = source != null ? source : input;
    if (named == null && Terminal.is(Terminal.INPUT)) {
      throw new TypeConversionException("name an archive, or redirect standard input");
    }
    return named == null || named.toString().equals("-") ? STANDARD_INPUT : named;
  }
}
