package io.jbuild.layers;

import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.Self;
import io.jbuild.linux.mount.OverlayMarks;
import io.jbuild.oci.store.AtomicFiles;
import io.jbuild.oci.store.StoreRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The file {@code layers/marks}: of which kind overlayfs's marks are in all layers of the store.
 * Read with the other kind, directories that were deleted and made again would show what was in
 * them before. A store that has layers and no such file is of root's.
 */
final class StoreMarks {
  private static final int LONGEST = 64;

  /** As in any user namespace, and the owners of files are recorded beside them. */
  private static final String RECORDED = "user-one-id";

  private final Path layers;
  private final Path file;
  private boolean claimed;

  StoreMarks(StoreRoot root) {
    this.layers = root.layers();
    this.file = layers.resolve("marks");
  }

  /** Refuses a store of the other kind. Without root's rights no layer is looked into anyway. */
  void check() throws IOException {
    Optional<String> found = read();
    if (found.isPresent() && Self.isRoot() && !found.get().equals(ours())) {
      throw new IOException(
          "the layers of "
              + layers.getParent()
              + " were made "
              + where(found.get())
              + " and cannot be used "
              + where(ours())
              + ": take another store with --store DIR or JBUILD_STORE");
    }
  }

  private static String where(String kind) {
    return switch (kind) {
      case RECORDED -> "in a user namespace of one id";
      case "user" -> "in a user namespace";
      default -> "outside of user namespaces";
    };
  }

  /** Makes the store one of our kind, before the first layer is in it. */
  synchronized void claim() throws IOException {
    if (claimed) {
      return;
    }
    check();
    if (!Files.exists(file)) {
      AtomicFiles.publish(file, (ours() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    claimed = true;
  }

  private Optional<String> read() throws IOException {
    Optional<byte[]> content = AtomicFiles.read(file, LONGEST);
    if (content.isPresent()) {
      return Optional.of(new String(content.get(), StandardCharsets.US_ASCII).strip());
    }
    // Hidden is what a killed process left of this very file.
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(layers, "[!.]*")) {
      return entries.iterator().hasNext()
          ? Optional.of(name(OverlayMarks.TRUSTED))
          : Optional.empty();
    }
  }

  private static String ours() {
    return OwnedTree.recordsOwners() ? RECORDED : name(OverlayMarks.ofThisProcess());
  }

  private static String name(OverlayMarks marks) {
    return marks.name().toLowerCase(Locale.ROOT);
  }
}
