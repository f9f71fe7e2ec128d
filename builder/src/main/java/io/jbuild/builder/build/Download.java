package io.jbuild.builder.build;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.web.Checksum;
import io.jbuild.builder.web.WebFile;
import io.jbuild.builder.web.WebFiles;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** ADD of a URL: the file is fetched into the store, under its digest, and copied from there. */
final class Download {
  private static final String UNNAMED = "__unnamed__";
  private static final int PRIVATE_FILE = 0600;
  private static final int LONGEST_NAME = 255;

  /** A tree over the directory of blobs. */
  @FunctionalInterface
  interface BlobTree {
    SourceTree get() throws IOException;
  }

  private final WebFiles files;
  private final BlobTree blobs;

  Download(WebFiles files, BlobTree blobs) {
    this.files = files;
    this.blobs = blobs;
  }

  /** Fetches the file of an ADD. */
  CopyInput fetch(ContextSource.Http source, Add add) throws IOException, UserException {
    Optional<Checksum> expected = Optional.empty();
    if (add.checksum().isPresent()) {
      expected = Optional.of(Checksum.parse(add.checksum().get()));
    }
    WebFile file = files.fetch(source, expected);
    TreePath path =
        TreePath.parse("/" + file.content().algorithm().id() + "/" + file.content().hex());
    Timestamp modified =
        file.modified()
            .map(time -> Timestamp.ofSeconds(time.getEpochSecond()))
            .orElse(Timestamp.EPOCH);
    return new CopyInput.Fetched(
        blobs.get(),
        path,
        name(source.address()),
        PRIVATE_FILE,
        modified,
        add.unpack().orElse(false));
  }

  /**
   * The last name in the URL's path. What the server calls it in Content-Disposition counts for
   * nothing: that a name in the image changes with the server's mood is no good.
   */
  static String name(URI address) {
    String path = address.getPath().replaceFirst("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    boolean usable =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.indexOf('\0') < 0
            && name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= LONGEST_NAME;
    return usable ? name : UNNAMED;
  }
}
