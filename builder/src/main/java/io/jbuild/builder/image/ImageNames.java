package io.jbuild.builder.image;

import io.jbuild.builder.UserException;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.AmbiguousIdException;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.oci.store.NameRecord;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What people call an image: a reference, an ID, the beginning of one. */
final class ImageNames {
  private static final int LONGEST_ID = 64;

  private ImageNames() {}

  /**
   * One image. Of several under a name it is that for the platform; where none is asked for, this
   * machine's or else the first.
   */
  static ImageRecord require(ImageStore images, String name, Optional<Platform> platform)
      throws IOException, UserException {
    ImageSet set = requireSet(images, name);
    Optional<Entry> best = set.best(platform.orElse(Platform.host()));
    if (best.isEmpty() && platform.isPresent()) {
      throw otherPlatform(name, platform.get(), set);
    }
    return best.map(Entry::image).orElse(set.first());
  }

  /** All that a name stands for, or of that the image for a platform. */
  static ImageSet requireSet(ImageStore images, String name, Optional<Platform> platform)
      throws IOException, UserException {
    ImageSet set = requireSet(images, name);
    if (platform.isEmpty()) {
      return set;
    }
    return set.best(platform.get())
        .map(entry -> ImageSet.of(entry.image()))
        .orElseThrow(() -> otherPlatform(name, platform.get(), set));
  }

  private static UserException otherPlatform(String name, Platform wanted, ImageSet set) {
    return new UserException(
        "image \"" + name + "\" is not in the store for " + wanted,
        "it is there for " + set.platforms());
  }

  private static ImageSet requireSet(ImageStore images, String name)
      throws IOException, UserException {
    return find(images, name)
        .orElseThrow(() -> new UserException("no image \"" + name + "\" in the store"));
  }

  static Optional<ImageSet> find(ImageStore images, String name) throws IOException, UserException {
    Optional<Reference> reference = reference(name);
    if (reference.isPresent()) {
      Optional<ImageSet> named = find(images, reference.get());
      if (named.isPresent()) {
        return named;
      }
    }
    return byId(images, name).map(ImageSet::of);
  }

  static boolean isId(ImageStore images, String name) throws IOException, UserException {
    Optional<Reference> reference = reference(name);
    boolean named = reference.isPresent() && images.name(reference.get()).isPresent();
    return !named && byId(images, name).isPresent();
  }

  static Optional<ImageSet> find(ImageStore images, Reference reference) throws IOException {
    Optional<NameRecord> record = images.name(reference);
    List<Entry> entries = record.isEmpty() ? List.of() : images.entries(record.get());
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(new ImageSet(entries, record.get().isIndex(), record.get().source()));
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
