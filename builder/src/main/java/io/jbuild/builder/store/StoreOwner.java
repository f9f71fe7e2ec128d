package io.jbuild.builder.store;

import io.jbuild.linux.Self;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A store belongs to whoever made it. Another user cannot read it, and what root would write into a
 * user's store that user could neither read nor delete.
 */
final class StoreOwner {
  private StoreOwner() {}

  /** Nothing is said of a directory that is not there, or not yet a store. */
  static void check(Path directory) throws IOException {
    long owner;
    try {
      owner = ((Number) Files.getAttribute(directory, "unix:uid")).longValue() & 0xffffffffL;
    } catch (NoSuchFileException e) {
      return;
    } catch (AccessDeniedException e) {
      throw new IOException("cannot look at the store " + directory + ": permission denied", e);
    } catch (FileSystemException e) {
      throw new IOException("cannot look at the store " + directory + ": " + e.getReason(), e);
    }
    boolean mine = owner == Self.effectiveUid();
    if (!mine && (!Files.isReadable(directory) || Files.exists(directory.resolve("version")))) {
      throw new IOException(
          "the store "
              + directory
              + " is another user's: take one of your own with --store DIR or JBUILD_STORE");
    }
  }
}
