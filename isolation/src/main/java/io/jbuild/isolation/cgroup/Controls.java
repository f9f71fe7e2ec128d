package io.jbuild.isolation.cgroup;

import java.util.Map;
import java.util.Optional;

/**
 * What control groups can do for this process.
 *
 * @param missing for each controller that cannot be used, why not and what mends it, as a sentence
 */
public record Controls(Layout layout, Map<Controller, String> missing) {
  /** Which versions are mounted. */
  public enum Layout {
    NONE("no control groups"),
    VERSION_1("control groups version 1"),
    VERSION_2("control groups version 2"),
    HYBRID("control groups version 1 and 2");

    private final String words;

    Layout(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  public Controls {
    missing = Map.copyOf(missing);
  }

  public boolean has(Controller controller) {
    return !missing.containsKey(controller);
  }

  /** Why a controller cannot be used; empty where it can. */
  public Optional<String> why(Controller controller) {
    return Optional.ofNullable(missing.get(controller));
  }
}
