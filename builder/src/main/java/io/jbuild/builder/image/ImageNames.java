package io.jbuild.builder.image;

import io.jbuild.builder.UserException;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.AmbiguousIdException;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.Optional;

/** What people call an image: a reference, an ID, the beginning of one. */
final class ImageNames {
  private static final int LONGEST_ID = 64;

  private ImageNames() {}

  static ImageRecord require(ImageStore images, String name) throws IOException, UserException {
    return find(images, name)
        .orElseThrow(() -> new UserException("no image \"" + name + "\" in the store"));
  }

  static Optional<ImageRecord> find(ImageStore images, String name)
      throws IOException, UserException {
    Optional<Reference> reference = reference(name);
    if (reference.isPresent()) {
      Optional<ImageRecord> named = images.get(reference.get(), Platform.host());
      if (named.isEmpty()) {
        named = images.get(reference.get());
      }
      if (named.isPresent()) {
        return named;
      }
    }
    return byId(images, name);
  }

  private static Optional<ImageRecord> byId(ImageStore images, String name)
      throws IOException, UserException {
    String hex = name.startsWith("sha256:") ? name.substring("sha256:".length()) : name;
    if (!hex.matches("[0-9a-f]{1," + LONGEST_ID + "}")) {
      return Optional.empty();
    }
    try {
      Optional<Digest> id = images.find(name);
      return id.isEmpty() ? Optional.empty() : images.get(id.get());
    } catch (AmbiguousIdException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  static Optional<Reference> reference(String name) {
    try {
      return Optional.of(Reference.parse(name));
    } catch (MalformedException e) {
      return Optional.empty(); // an ID is no reference; whoever asked says what was not found
    }
  }
}
