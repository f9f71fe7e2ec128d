package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.ImageSummary;
import io.jbuild.cli.progress.ProgressMode;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pull", description = "Take an image from its registry into the store.")
final class PullCommand extends CommandBase implements Callable<Integer> {
  @Parameters(paramLabel = "NAME[:TAG|@DIGEST]", description = "The image.")
  String image = "";

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Platform to choose from an index (default: this machine's).")
  @Nullable String platform;

  @Mixin TransferOptions transfer = new TransferOptions();

  PullCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    Reference name = BuildCommand.reference(image);
    Platform wanted = platform == null ? Platform.host() : BuildCommand.platform(platform);
    ImageSummary pulled;
    try (Interrupts interrupts = Interrupts.watch();
        ProgressMode.ProgressDisplay display = transfer.open(console.err());
        Engine engine = open(global().settings(), display::warning)) {
      pulled = interrupts.run(() -> engine.images().pull(name, wanted, display));
    }
    console.out().println(pulled.id());
    return ExitCode.OK;
  }
}
