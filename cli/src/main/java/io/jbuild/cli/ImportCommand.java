package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.ImageSummary;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "import",
    description = "Make an image of one layer from a tar archive of a root file tree.")
final class ImportCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The archive, compressed or not; '-' for standard input.")
  String file = "";

  @Parameters(index = "1", paramLabel = "NAME[:TAG]", description = "Name of the image.")
  String name = "";

  @Option(
      names = {"-c", "--change"},
      paramLabel = "INSTRUCTION",
      description =
          "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, USER, VOLUME, WORKDIR for its configuration.")
  List<String> changes = List.of();

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Platform of the image (default: this machine's).")
  @Nullable String platform;

  ImportCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    Reference reference = BuildCommand.reference(name);
    if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
      throw new TypeConversionException(
          "'"
              + file
              + "' is a directory: pack it first (tar -C "
              + file
              + " -c . | jbuild import - …)");
    }
    Platform made = platform == null ? Platform.host() : PlatformOption.one(platform);
    ImageSummary image;
    try (Interrupts interrupts = Interrupts.watch();
        Engine engine = open(global().settings());
        InputStream tar = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      image = interrupts.run(() -> engine.images().importRoot(tar, reference, made, changes));
    }
    console.out().println(image.id());
    return ExitCode.OK;
  }
}
