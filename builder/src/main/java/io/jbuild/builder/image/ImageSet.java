package io.jbuild.builder.image;

import io.jbuild.builder.UserException;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.oci.store.NameRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a name stands for as a whole: an image, or an index with one for each platform.
 *
 * @param entries at least one, in the index's order
 * @param source the index as it came from elsewhere, which goes on as it is if all of it is here
 */
public record ImageSet(List<Entry> entries, boolean isIndex, Optional<Descriptor> source) {

  public ImageSet {
    entries = List.copyOf(entries);
    if (entries.isEmpty() || (entries.size() > 1 && !isIndex)) {
      throw new IllegalArgumentException(entries.size() + " images, index: " + isIndex);
    }
  }

  /** An image by itself. */
  public static ImageSet of(ImageRecord image) {
    return new ImageSet(List.of(new Entry(image.platform(), image)), false, Optional.empty());
  }

  /** The first image, or the only one. */
  public ImageRecord first() {
    return entries.get(0).image();
  }

  /** The image that suits a platform best, if any does. */
  Optional<Entry> best(Platform wanted) {
    return entries.stream()
        .filter(entry -> wanted.matches(entry.platform()))
        .min(Comparator.comparingInt(entry -> wanted.rank(entry.platform())));
  }

  public boolean has(Platform wanted) {
    return best(wanted).isPresent();
  }

  /** The only image, for those who can take no index. */
  ImageRecord only(String what) throws UserException {
    if (isIndex) {
      throw new UserException(
          what + " holds one platform of an image, not " + platforms(),
          "choose one with --platform, or write an OCI archive");
    }
    return first();
  }

  /** {@code linux/amd64, linux/arm64}. */
  public String platforms() {
    return platforms(entries);
  }

  static String platforms(List<Entry> entries) {
    return entries.stream()
        .map(entry -> entry.platform().toString())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The record that gives it a name. */
  public NameRecord named(Reference name) {
    List<Digest> ids = entries.stream().map(entry -> entry.image().id()).toList();
    List<Platform> platforms = entries.stream().map(Entry::platform).toList();
    return new NameRecord(name, ids, isIndex ? platforms : List.of(), source);
  }
}
