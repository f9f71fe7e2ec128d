package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the manifest for a platform, through indexes within indexes. An index may hold itself, be
 * nested without end or fan out to millions: each document is fetched once, to a depth and number
 * that no honest image needs.
 */
public final class ManifestResolver {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_DOCUMENTS = 100;
  private static final int MAX_SHOWN = 20;

  private final Fetcher fetcher;
  private final Platform wanted;
  private final Set<Digest> visited = new HashSet<>();
  private final List<Platform> offered = new ArrayList<>();
  private Optional<Descriptor> best = Optional.empty();
  private int bestRank = Integer.MAX_VALUE;

  private ManifestResolver(Fetcher fetcher, Platform wanted) {
    this.fetcher = fetcher;
    this.wanted = wanted;
  }

  /** Gets the bytes of a manifest or index, verified against its descriptor, at most 4 MiB. */
  @FunctionalInterface
  public interface Fetcher {
    byte[] fetch(Descriptor descriptor) throws IOException;
  }

  /**
   * The manifest for {@code wanted} at or below {@code root}. The best match wins, the first of
   * equals. A manifest given without a platform is taken when nothing else suits: the caller
   * compares its config's platform.
   */
  public static ResolvedManifest resolve(Descriptor root, Fetcher fetcher, Platform wanted)
      throws IOException {
    ManifestResolver resolver = new ManifestResolver(fetcher, wanted);
    if (MediaTypes.isIndex(root.mediaType())) {
      resolver.visit(root, 1);
      return resolver.read(resolver.best.orElseThrow(resolver::noMatch));
    }
    return resolver.read(root);
  }

  /**
   * As {@link #resolve(Descriptor, Fetcher, Platform)} among several roots, as a layout has them.
   */
  public static ResolvedManifest resolve(List<Descriptor> roots, Fetcher fetcher, Platform wanted)
      throws IOException {
    if (roots.size() == 1) {
      return resolve(roots.get(0), fetcher, wanted);
    }
    ManifestResolver resolver = new ManifestResolver(fetcher, wanted);
    for (Descriptor root : roots) {
      resolver.consider(root, 0);
    }
    return resolver.read(resolver.best.orElseThrow(resolver::noMatch));
  }

  private void visit(Descriptor descriptor, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new MalformedException("indexes are nested more than " + MAX_DEPTH + " deep");
    }
    if (!visited.add(descriptor.digest())) {
      return;
    }
    if (visited.size() > MAX_DOCUMENTS) {
      throw new MalformedException("more than " + MAX_DOCUMENTS + " indexes within indexes");
    }
    ManifestOrIndex document = fetch(descriptor);
    if (document instanceof Index index) {
      for (Descriptor entry : index.manifests()) {
        consider(entry, depth);
      }
    }
  }

  private void consider(Descriptor entry, int depth) throws IOException {
    if (entry.isAttestation()) {
      return;
    }
    if (MediaTypes.isIndex(entry.mediaType())) {
      visit(entry, depth + 1);
    } else if (MediaTypes.isManifest(entry.mediaType())) {
      entry.platform().ifPresent(offered::add);
      // One that does not tell its platform suits less than any that does.
      int rank = entry.platform().map(wanted::rank).orElse(Integer.MAX_VALUE - 1);
      if (rank >= 0 && rank < bestRank) {
        best = Optional.of(entry);
        bestRank = rank;
      }
    }
  }

  private ResolvedManifest read(Descriptor descriptor) throws IOException {
    byte[] bytes = fetcher.fetch(descriptor);
    if (ManifestOrIndex.read(bytes, descriptor.mediaType()) instanceof Manifest manifest) {
      return new ResolvedManifest(descriptor, manifest, bytes);
    }
    throw new MalformedException("no manifest: " + descriptor);
  }

  private ManifestOrIndex fetch(Descriptor descriptor) throws IOException {
    return ManifestOrIndex.read(fetcher.fetch(descriptor), descriptor.mediaType());
  }

  private MalformedException noMatch() {
    String platforms =
        offered.stream()
            .map(Platform::toString)
            .distinct()
            .sorted()
            .limit(MAX_SHOWN)
            .collect(Collectors.joining(", "));
    return new MalformedException(
        "no image for platform "
            + wanted
            + (platforms.isEmpty() ? "; the index offers none" : "; there are: " + platforms));
  }
}
