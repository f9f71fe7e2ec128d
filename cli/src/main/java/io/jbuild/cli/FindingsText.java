package io.jbuild.cli;

import io.jbuild.builder.lint.CheckReport;
import io.jbuild.builder.lint.Finding;
import io.jbuild.builder.lint.Rule;
import io.jbuild.cli.text.Text;
import java.io.PrintStream;
import java.util.List;

/** Findings for people: what, where in the file, and where more is said. */
final class FindingsText {
  private FindingsText() {}

  static void write(List<Finding> findings, PrintStream out) {
    for (Finding finding : findings) {
      String kind = finding.rule().kind() == Rule.Kind.COST ? "hint: " : "warning: ";
      out.println(kind + Text.printable(finding.text()));
      out.print(finding.source().excerpt(finding.range()));
      out.println("see " + finding.rule().page());
      out.println();
    }
  }

  /** The first line of {@code build --check}, as scripts know it from docker. */
  static void summary(CheckReport report, PrintStream out) {
    int found = report.findings().size();
    if (found > 0) {
      out.println(
          found == 1
              ? "Check complete, 1 warning has been found!"
              : "Check complete, " + found + " warnings have been found!");
      out.println();
    } else if (report.invalid().isEmpty()) {
      out.println("Check complete, no warnings found.");
    }
  }
}
