package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.ImageSummary;
import io.jbuild.cli.progress.ProgressMode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "load",
    description = "Read images from an OCI layout, an OCI archive or a docker archive.")
final class LoadCommand extends CommandBase implements Callable<Integer> {
  @Parameters(paramLabel = "PATH", description = "The archive, or the directory of an OCI layout.")
  Path source = Path.of("");

  @Mixin TransferOptions transfer = new TransferOptions();

  LoadCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    List<ImageSummary> loaded;
    try (Interrupts interrupts = Interrupts.watch();
        ProgressMode.ProgressDisplay display = transfer.open(console.err());
        Engine engine = open(global().settings(), display::warning)) {
      loaded = interrupts.run(() -> engine.images().load(source, display));
    }
    for (ImageSummary image : loaded) {
      console.out().println(image.name().familiar() + " " + image.id());
    }
    return ExitCode.OK;
  }
}
