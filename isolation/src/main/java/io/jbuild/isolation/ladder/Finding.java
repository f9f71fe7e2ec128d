package io.jbuild.isolation.ladder;

import java.util.Locale;
import java.util.Optional;

/**
 * What one probe has found.
 *
 * @param what the feature, in one or two words
 * @param found what is there, or what the kernel said
 * @param why what it is good for
 * @param mend the command that would make it better; to be run as root
 */
public record Finding(
    Topic topic, String what, State state, String found, String why, Optional<String> mend) {
  /** How good it is. */
  public enum State {
    OK,
    /** It works, and could be better. */
    LIMITED,
    MISSING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What findings are grouped by, in the order in which they are told. */
  public enum Topic {
    MACHINE("machine"),
    RIGHTS("rights"),
    NAMESPACES("namespaces"),
    KERNEL("kernel"),
    CONTROL_GROUPS("control groups"),
    NETWORK("network"),
    STORAGE("storage"),
    SECURITY("security");

    private final String title;

    Topic(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  public boolean ok() {
    return state == State.OK;
  }
}
