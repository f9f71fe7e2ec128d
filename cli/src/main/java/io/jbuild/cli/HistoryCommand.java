package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.InspectedImage;
import io.jbuild.cli.text.Sizes;
import io.jbuild.oci.History;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Show the steps that made an image, newest first.")
final class HistoryCommand extends CommandBase implements Callable<Integer> {
  @Parameters(paramLabel = "IMAGE", description = "Name or ID of an image.")
  String image = "";

  @Option(names = "--no-trunc", description = "Whole instructions.")
  boolean noTrunc;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH",
      description = "Of the platforms under a name, this one (default: this machine's).")
  @Nullable String platform;

  HistoryCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    InspectedImage inspected;
    try (Engine engine = open(global().settings())) {
      inspected = engine.images().inspect(image, PlatformOption.optional(platform));
    }
    List<String[]> rows = new ArrayList<>();
    int layer = 0;
    for (History step : inspected.config().history()) {
      long bytes = 0;
      if (!step.emptyLayer() && layer < inspected.layers().size()) {
        bytes = inspected.layers().get(layer).bytes();
        layer++;
      }
      String text = UsageErrors.oneLine(step.createdBy());
      rows.add(
          0,
          new String[] {
            step.created().map(Instants::second).orElse("-"),
            step.emptyLayer() ? "-" : Sizes.human(bytes),
            noTrunc || text.length() <= 100 ? text : text.substring(0, 99) + "…"
          });
    }
    Table table = new Table("CREATED", "SIZE", "STEP");
    rows.forEach(table::row);
    table.print(console.out());
    return ExitCode.OK;
  }
}
