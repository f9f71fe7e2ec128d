package io.jbuild.builder.context;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Indexes with a clock of their own. */
public final class StatIndexes {
  private StatIndexes() {}

  /** An index to which every file made in a test is an old one. */
  public static StatIndex later(Path directory) {
    return StatIndex.in(directory, "tree", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
  }

  public static StatIndex now(Path directory) {
    return StatIndex.in(directory, "tree");
  }
}
