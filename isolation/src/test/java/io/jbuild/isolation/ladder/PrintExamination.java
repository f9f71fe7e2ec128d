package io.jbuild.isolation.ladder;

import java.nio.file.Path;

/** A doctor for tests, in a process that something was taken from: a line per finding. */
final class PrintExamination {
  private PrintExamination() {}

  /** What builds choose is the builder's to know. */
  private static final class FixedChooser implements Chooser {
    @Override
    public Choice storage(Path scratch) {
      return new Choice("fixed", true);
    }

    @Override
    public Choice network(Rung rung, boolean here) {
      return new Choice("fixed on " + rung.id(), true);
    }
  }

  /** With the store, PATH for the programs that help, and /etc. */
  public static void main(String[] args) {
    Examination found =
        Doctor.examine(
            new Surroundings(Path.of(args[0]), args[1], Path.of(args[2]), new FixedChooser()));
    System.out.println("rung|" + found.rung().id() + "|" + found.mend().orElse(""));
    System.out.println("builds|" + found.buildsWork());
    for (Finding finding : found.findings()) {
      System.out.println(
          String.join(
              "|",
              finding.what(),
              finding.state().toString(),
              finding.found(),
              finding.mend().orElse("")));
    }
  }
}
