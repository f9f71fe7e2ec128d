package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.List;

/** One source of a COPY or ADD. */
public sealed interface CopyInput {
  /**
   * Files of a tree.
   *
   * @param pattern a path below the tree's root, each component possibly with wildcards
   */
  record Files(SourceTree tree, String pattern) implements CopyInput {}

  /** A here-document. */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  record Inline(String name, byte[] content) implements CopyInput {
    public Inline {
      content = content.clone();
    }

    @Override
    public byte[] content() {
      return content.clone();
    }
  }

  /**
   * A file that was downloaded, with the name and attributes that it gets.
   *
   * @param path of a regular file in the tree
   * @param unpack whether it is unpacked when it is an archive, whatever the request says of others
   */
  record Fetched(
      SourceTree tree,
      TreePath path,
      String name,
      int permissions,
      Timestamp modified,
      boolean unpack)
      implements CopyInput {}

  /**
   * All files of a tree that is there only when the copy is made.
   *
   * @param identity what tells the tree from every other one
   */
  record Promised(List<String> identity, Promise tree) implements CopyInput {
    public Promised {
      identity = List.copyOf(identity);
    }
  }

  /** Fetches a tree, which is closed with all that it needs by {@code open}. */
  @FunctionalInterface
  interface Promise {
    SourceTree fetch(Closing open) throws IOException, UserException, InterruptedException;
  }
}
