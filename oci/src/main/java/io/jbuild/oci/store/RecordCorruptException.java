package io.jbuild.oci.store;

import java.io.IOException;
import java.nio.file.Path;

/** A record's checksum is wrong: a bit flipped, or the file was cut. */
public final class RecordCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  public RecordCorruptException(Path path, String why) {
    super("record " + path + " is corrupt: " + why);
  }
}
