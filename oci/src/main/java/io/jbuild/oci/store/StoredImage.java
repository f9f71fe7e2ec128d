package io.jbuild.oci.store;

import io.jbuild.oci.Reference;
import java.util.List;

/** An image and the names that it has in the store, sorted; none if it is untagged. */
public record StoredImage(ImageRecord image, List<Reference> names) {
  public StoredImage {
    names = names.stream().sorted().toList();
  }
}
