package io.jbuild.isolation.ladder;

import java.io.IOException;
import java.nio.file.Path;

/** Makes the choices of a build that are not about walls, for who reports them. */
public interface Chooser {
  /**
   * What was chosen, and why not better.
   *
   * @param best whether there is nothing better to be had by mending this machine
   */
  record Choice(String what, boolean best) {}

  /**
   * The storage driver.
   *
   * @param scratch a directory on the store's file system, emptied by the caller
   * @throws IOException when none works
   */
  Choice storage(Path scratch) throws IOException;

  /**
   * The network of steps that name none.
   *
   * @param rung where the steps will stand
   * @param here whether this process stands there already, and can try
   */
  Choice network(Rung rung, boolean here) throws IOException;
}
