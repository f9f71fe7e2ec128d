package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.ImageSummary;
import io.jbuild.cli.text.Sizes;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(name = "images", description = "List the images in the store.")
final class ImagesCommand extends CommandBase implements Callable<Integer> {
  @Option(
      names = {"-q", "--quiet"},
      description = "IDs only.")
  boolean quiet;

  @Option(names = "--no-trunc", description = "Whole IDs.")
  boolean noTrunc;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table (default) or json.")
  String format = "table";

  ImagesCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    if (!format.equals("table") && !format.equals("json")) {
      throw new TypeConversionException("--format is table or json, not '" + format + "'");
    }
    List<ImageSummary> images;
    try (Engine engine = open(global().settings())) {
      images = engine.images().list();
    }
    if (quiet) {
      images.stream().map(this::id).distinct().forEach(console.out()::println);
    } else if (format.equals("json")) {
      ImagesJson.write(images, console.out());
    } else {
      table(images);
    }
    return ExitCode.OK;
  }

  private void table(List<ImageSummary> images) {
    Table table = new Table("NAME", "ID", "PLATFORM", "CREATED", "LAYERS", "SIZE");
    for (ImageSummary image : images) {
      table.row(
          image.name().familiar(),
          id(image),
          image.platform().toString(),
          image.created().map(Instants::day).orElse("-"),
          String.valueOf(image.layers()),
          Sizes.human(image.bytes()));
    }
    table.print(console.out());
  }

  private String id(ImageSummary image) {
    return noTrunc ? image.id().toString() : image.id().hex().substring(0, 12);
  }
}
