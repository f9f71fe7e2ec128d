package io.jbuild.cli;

import io.jbuild.cli.text.Text;
import io.jbuild.isolation.ladder.Examination;
import io.jbuild.isolation.ladder.Finding;
import io.jbuild.isolation.ladder.Rung;
import java.io.PrintStream;

/** Findings by topic, a line each with its mend below it, and the rung at the end. */
final class DoctorText {
  private static final String MEND = "           ";

  private final PrintStream out;

  DoctorText(PrintStream out) {
    this.out = out;
  }

  void write(Examination found) {
    for (Finding.Topic topic : Finding.Topic.values()) {
      out.println(topic);
      found.findings().stream().filter(each -> each.topic() == topic).forEach(this::line);
    }
    out.println();
    Rung rung = found.rung();
    out.println(
        "rung "
            + rung.number()
            + " of "
            + Rung.values().length
            + ": "
            + rung.title()
            + " ("
            + rung.walls()
            + ")");
    found.reason().ifPresent(reason -> out.println("not higher because " + printable(reason)));
    found.mend().ifPresent(mend -> out.println("to mend that, as root: " + printable(mend)));
    out.println(verdict(found));
  }

  private static String verdict(Examination found) {
    if (found.buildsWork()) {
      return "builds work here";
    }
    return found.rung() == Rung.CHROOT
        ? "RUN steps cannot be run here, but for --isolation=chroot"
        : "RUN steps cannot be run here";
  }

  private void line(Finding finding) {
    String begin = "  " + (finding.state() + "        ").substring(0, 9);
    out.println(
        begin
            + finding.what()
            + ": "
            + printable(finding.found())
            + (finding.ok() || finding.why().isEmpty() ? "" : " — " + finding.why()));
    finding.mend().ifPresent(mend -> out.println(MEND + "mend: " + printable(mend)));
  }

  private static String printable(String text) {
    return Text.printable(text.replace('\n', ' '));
  }
}
