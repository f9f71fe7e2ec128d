package io.jbuild.cli;

import io.jbuild.builder.LayerCompression;
import io.jbuild.cli.progress.ProgressMode;
import java.io.PrintStream;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the commands that move images show what they do. */
final class TransferOptions {
  @Option(
      names = "--progress",
      paramLabel = "MODE",
      defaultValue = "auto",
      converter = Values.Progress.class,
      description = "auto, tty, plain, rawjson or quiet.")
  ProgressMode progress = ProgressMode.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show warnings and errors only.")
  boolean quiet;

  ProgressMode.ProgressDisplay open(PrintStream err) {
    return (quiet ? ProgressMode.QUIET : progress).open(err);
  }

  static LayerCompression compression(String text) {
    switch (text) {
      case "gzip":
        return LayerCompression.GZIP;
      case "zstd":
        return LayerCompression.ZSTD;
      case "uncompressed":
      case "none":
        return LayerCompression.NONE;
      default:
        throw new TypeConversionException(
            "the compression is gzip, zstd or uncompressed, not '" + text + "'");
    }
  }
}
