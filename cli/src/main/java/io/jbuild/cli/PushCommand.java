package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.LayerCompression;
import io.jbuild.cli.progress.ProgressMode;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "push", description = "Send an image to a registry.")
final class PushCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "A name of the image; where it goes unless DESTINATION is given.")
  String image = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DESTINATION",
      description = "Push under this name instead.")
  @Nullable String destination;

  @Option(
      names = "--compression",
      paramLabel = "FORMAT",
      defaultValue = "gzip",
      description = "Of layers that were built here: gzip (default), zstd, uncompressed.")
  String compression = "gzip";

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Of the platforms under a name, this one alone (default: all, as an index).")
  @Nullable String platform;

  @Mixin TransferOptions transfer = new TransferOptions();

  PushCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    LayerCompression format = TransferOptions.compression(compression);
    Optional<Platform> only = PlatformOption.optional(platform);
    Reference to = BuildCommand.reference(destination == null ? image : destination);
    String from = destination == null ? to.toString() : image;
    Digest manifest;
    try (Interrupts interrupts = Interrupts.watch();
        ProgressMode.ProgressDisplay display = transfer.open(console.err());
        Engine engine = open(global().settings(), display::warning)) {
      manifest = interrupts.run(() -> engine.images().push(from, to, only, format, display));
    }
    console.out().println(manifest);
    return ExitCode.OK;
  }
}
