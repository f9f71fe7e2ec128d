package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.ImageSummary;
import io.jbuild.cli.progress.ProgressMode;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(name = "pull", description = "Take an image from its registry into the store.")
final class PullCommand extends CommandBase implements Callable<Integer> {
  @Parameters(paramLabel = "NAME[:TAG|@DIGEST]", description = "The image.")
  String image = "";

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH,…",
      description = "Platforms to choose from an index (default: this machine's).")
  List<String> platforms = List.of();

  @Option(
      names = {"--all-platforms", "--all"},
      description = "All of an index, which keeps its digest.")
  boolean all;

  @Mixin TransferOptions transfer = new TransferOptions();

  PullCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    Reference name = BuildCommand.reference(image);
    List<Platform> wanted = PlatformOption.several(platforms);
    if (all && !wanted.isEmpty()) {
      throw new TypeConversionException("--all-platforms and --platform exclude each other");
    }
    List<ImageSummary> pulled = new ArrayList<>();
    try (Interrupts interrupts = Interrupts.watch();
        ProgressMode.ProgressDisplay display = transfer.open(console.err());
        Engine engine = open(global().settings(), display::warning)) {
      if (all) {
        pulled.addAll(interrupts.run(() -> engine.images().pullAll(name, display)));
      }
      for (Platform each : all || !wanted.isEmpty() ? wanted : List.of(Platform.host())) {
        pulled.add(interrupts.run(() -> engine.images().pull(name, each, display)));
      }
    }
    pulled.forEach(image -> console.out().println(image.id()));
    return ExitCode.OK;
  }
}
