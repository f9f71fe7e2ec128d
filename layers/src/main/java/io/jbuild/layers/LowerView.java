package io.jbuild.layers;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;

/** The layers below the one that is being made. */
@FunctionalInterface
public interface LowerView {
  /** No layers below. */
  LowerView NOTHING = path -> Optional.empty();

  /**
   * The directory at this very path, no symlink followed; empty where there is none, or something
   * else.
   */
  Optional<Attributes> lookup(TreePath path) throws IOException;

  /**
   * The target of the symlink at this very path; empty where there is none. Whoever unpacks an
   * archive on top of other layers follows them.
   */
  default Optional<byte[]> link(TreePath path) throws IOException {
    return Optional.empty();
  }

  /**
   * The file at this very path that is no directory, a symlink itself included; empty where there
   * is none. Whoever scans an upper directory asks what a file was like before.
   */
  default Optional<File> file(TreePath path) throws IOException {
    return Optional.empty();
  }

  /** A file below that is no directory. */
  interface File {
    FileStat stat();

    SortedMap<String, byte[]> xattrs() throws IOException;

    /** Of a regular file. */
    InputFile read() throws IOException;

    /** Of a symlink. */
    byte[] target() throws IOException;
  }
}
