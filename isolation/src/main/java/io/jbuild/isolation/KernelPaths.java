package io.jbuild.isolation;

import java.util.List;

/**
 * What differs from the usual covers of /proc and /sys.
 *
 * @param masked more paths that are covered, below /proc or /sys
 * @param unmasked paths that are neither covered nor read-only; one that ends in {@code /*} stands
 *     for all below it
 */
public record KernelPaths(List<String> masked, List<String> unmasked) {
  public static final KernelPaths USUAL = new KernelPaths(List.of(), List.of());

  /** All that is covered or read-only otherwise. */
  public static final List<String> ALL = List.of("/proc/*", "/sys/*");

  public KernelPaths {
    masked = List.copyOf(masked);
    unmasked = List.copyOf(unmasked);
    masked.forEach(KernelPaths::require);
    unmasked.forEach(KernelPaths::require);
  }

  /** Whether a path can be named here. */
  public static boolean isKernelPath(String path) {
    return path.matches("/(proc|sys)(/[A-Za-z0-9_.*:-]+)+") && !(path + "/").contains("/../");
  }

  private static void require(String path) {
    if (!isKernelPath(path)) {
      throw new IllegalArgumentException("not below /proc or /sys: \"" + path + "\"");
    }
  }

  boolean leaves(String path) {
    return unmasked.stream()
        .anyMatch(
            each ->
                each.endsWith("/*")
                    ? path.startsWith(each.substring(0, each.length() - 1))
                    : path.equals(each));
  }
}
