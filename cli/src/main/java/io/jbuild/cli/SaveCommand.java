package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.Images;
import io.jbuild.builder.LayerCompression;
import io.jbuild.cli.text.Terminal;
import io.jbuild.oci.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(name = "save", description = "Write images to an archive or a directory.")
final class SaveCommand extends CommandBase implements Callable<Integer> {
  @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Names or IDs of images.")
  List<String> images = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "The file or directory (default: standard output).")
  @Nullable Path destination;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "oci-archive",
      description = "oci-archive (default), oci-dir, docker-archive.")
  String format = "oci-archive";

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

  SaveCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    Images.ArchiveFormat archive = archiveFormat();
    if (destination == null && archive == Images.ArchiveFormat.OCI_DIRECTORY) {
      throw new TypeConversionException("--format oci-dir needs --output DIRECTORY");
    }
    if (destination == null && Terminal.is(Terminal.OUTPUT)) {
      throw new TypeConversionException(
          "an archive is nothing for a terminal: name a file with --output, or redirect");
    }
    Optional<Platform> only = PlatformOption.optional(platform);
    LayerCompression layers = TransferOptions.compression(compression);
    try (Interrupts interrupts = Interrupts.watch();
        Engine engine = open(global().settings())) {
      interrupts.run(
          () -> {
            engine.images().save(images, only, archive, layers, Optional.ofNullable(destination));
            return ExitCode.OK;
          });
    }
    return ExitCode.OK;
  }

  private Images.ArchiveFormat archiveFormat() {
    switch (format) {
      case "oci-archive":
        return Images.ArchiveFormat.OCI_ARCHIVE;
      case "oci-dir":
        return Images.ArchiveFormat.OCI_DIRECTORY;
      case "docker-archive":
        return Images.ArchiveFormat.DOCKER_ARCHIVE;
      default:
        throw new TypeConversionException(
            "--format is oci-archive, oci-dir or docker-archive, not '" + format + "'");
    }
  }
}
