package io.jbuild.overlay;

import java.util.List;

/**
 * The driver that a store is used with.
 *
 * @param forced whether somebody asked for this one
 * @param rejected the better ones that were tried, best first, and why they do not work here; empty
 *     when one was asked for
 */
public record DriverChoice(StorageDriver driver, boolean forced, List<Rejection> rejected) {
  public DriverChoice {
    rejected = List.copyOf(rejected);
  }

  /**
   * @param reason one line
   */
  public record Rejection(StorageDriver driver, String reason) {}
}
