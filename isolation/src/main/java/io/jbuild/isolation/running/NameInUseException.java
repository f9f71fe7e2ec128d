package io.jbuild.isolation.running;

import java.io.IOException;

/** A sandbox of this name runs already. */
public final class NameInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String name;

  NameInUseException(String name) {
    super("a sandbox called \"" + name + "\" is running");
    this.name = name;
  }

  public String name() {
    return name;
  }
}
