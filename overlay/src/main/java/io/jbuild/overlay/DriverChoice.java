package io.jbuild.overlay;

import java.util.List;
import java.util.stream.Collectors;

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

  /** {@code overlay}, {@code copy (overlay: …; fuse-overlayfs: …)}, {@code copy (asked for)}. */
  @Override
  public String toString() {
    if (forced) {
      return driver + " (asked for)";
    }
    return rejected.isEmpty()
        ? driver.toString()
        : rejected.stream()
            .map(each -> each.driver() + ": " + each.reason())
            .collect(Collectors.joining("; ", driver + " (", ")"));
  }

  /**
   * @param reason one line
   */
  public record Rejection(StorageDriver driver, String reason) {}
}
