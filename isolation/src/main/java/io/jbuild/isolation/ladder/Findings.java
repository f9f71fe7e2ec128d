package io.jbuild.isolation.ladder;

import io.jbuild.isolation.ladder.Finding.State;
import io.jbuild.isolation.ladder.Finding.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The findings of one topic while they are made. */
final class Findings {
  /** A look at something that may not be there to be looked at. */
  interface Probe {
    void look() throws IOException;
  }

  private final Topic topic;
  private final List<Finding> all = new ArrayList<>();

  Findings(Topic topic) {
    this.topic = topic;
  }

  List<Finding> all() {
    return List.copyOf(all);
  }

  void ok(String what, String found, String why) {
    add(what, State.OK, found, why, Optional.empty());
  }

  void limited(String what, String found, String why, Optional<String> mend) {
    add(what, State.LIMITED, found, why, mend);
  }

  void missing(String what, String found, String why, Optional<String> mend) {
    add(what, State.MISSING, found, why, mend);
  }

  private void add(String what, State state, String found, String why, Optional<String> mend) {
    all.add(new Finding(topic, what, state, found, why, mend));
  }

  /** What cannot be looked at is as good as missing, and no reason to stop looking. */
  void look(String what, String why, Probe probe) {
    try {
      probe.look();
    } catch (IOException | RuntimeException | LinkageError e) {
      missing(what, "cannot be looked at: " + e, why, Optional.empty());
    }
  }
}
