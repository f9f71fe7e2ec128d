package io.jbuild.isolation.cgroup;

import java.io.IOException;
import java.io.Serial;

/** A limit that was asked for, and that no control group here can keep. */
public final class MissingControllerException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final Controller controller;

  /**
   * @param what the limit, in words
   * @param why the reason and what mends it
   */
  MissingControllerException(Controller controller, String what, String why) {
    super(what + " cannot be kept here: " + why);
    this.controller = controller;
  }

  public Controller controller() {
    return controller;
  }
}
