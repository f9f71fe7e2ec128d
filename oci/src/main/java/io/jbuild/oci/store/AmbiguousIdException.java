package io.jbuild.oci.store;

import io.jbuild.oci.Digest;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Several images have IDs that begin as the user wrote. */
public final class AmbiguousIdException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 5;

  AmbiguousIdException(String prefix, List<Digest> candidates) {
    super(
        "image ID "
            + Printable.quote(prefix)
            + " is ambiguous: "
            + candidates.stream()
                .limit(SHOWN)
                .map(Digest::shortHex)
                .collect(Collectors.joining(", "))
            + (candidates.size() > SHOWN ? ", ..." : ""));
  }
}
