package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Index;
import io.jbuild.oci.Platform;
import io.jbuild.oci.text.MalformedException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of an index's entries runs on a platform. */
final class PlatformChoice {
  private static final int MAX_SHOWN = 20;

  private PlatformChoice() {}

  /**
   * The entry that suits best, the first of equals.
   *
   * @throws MalformedException if none does; the message lists those that are there
   */
  static Descriptor choose(Index index, Platform wanted, String name) throws MalformedException {
    Optional<Descriptor> best = Optional.empty();
    int bestRank = Integer.MAX_VALUE;
    for (Descriptor entry : index.manifests()) {
      int rank = rank(entry, wanted);
      if (rank >= 0 && rank < bestRank) {
        best = Optional.of(entry);
        bestRank = rank;
      }
    }
    if (best.isEmpty()) {
      throw new MalformedException(
          name + ": no image for platform " + wanted + "; there is " + platforms(index));
    }
    return best.get();
  }

  private static int rank(Descriptor entry, Platform wanted) {
    if (entry.isAttestation()) {
      return -1;
    }
    // An entry that names no platform is the last resort, as in containerd.
    return entry.platform().isPresent()
        ? wanted.rank(entry.platform().get())
        : Integer.MAX_VALUE - 1;
  }

  private static String platforms(Index index) {
    Set<String> names = new LinkedHashSet<>();
    for (Descriptor entry : index.manifests()) {
      if (!entry.isAttestation()) {
        names.add(entry.platform().map(Platform::toString).orElse("one without platform"));
      }
    }
    String shown = names.stream().limit(MAX_SHOWN).collect(Collectors.joining(", "));
    return names.isEmpty() ? "none at all" : names.size() > MAX_SHOWN ? shown + ", …" : shown;
  }
}
