package io.jbuild.cli;

import io.jbuild.builder.StepUsage;
import io.jbuild.cli.progress.UsageReport;
import io.jbuild.cli.text.Text;
import io.jbuild.cli.text.UsageText;
import java.io.PrintStream;
import java.util.List;

/** {@code build --usage}: what each step has used, a row for each that ran. */
final class UsageTable {
  private static final int TITLE = 60;

  private UsageTable() {}

  static void print(List<UsageReport.Row> rows, PrintStream out) {
    if (rows.isEmpty()) {
      out.println("no RUN step ran");
      return;
    }
    Table table =
        new Table(
            "TIME",
            "CPU",
            "THROTTLED",
            "MEMORY",
            "READ",
            "WRITTEN",
            "PIDS",
            "OOM",
            "TRIES",
            "STEP");
    for (UsageReport.Row row : rows) {
      StepUsage usage = row.usage();
      table.row(
          Text.seconds(row.took()),
          Text.seconds(usage.cpu()),
          Text.seconds(usage.throttled()),
          UsageText.bytes(usage.peakMemoryBytes()),
          UsageText.bytes(usage.readBytes()),
          UsageText.bytes(usage.writtenBytes()),
          usage.peakPids().isPresent() ? Long.toString(usage.peakPids().getAsLong()) : "-",
          Long.toString(usage.oomKills()),
          Integer.toString(usage.tries()),
          Text.cut(row.title(), TITLE));
    }
    table.print(out);
  }
}
