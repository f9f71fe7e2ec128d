package io.jbuild.builder.context;

import io.jbuild.builder.UserException;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the files of a directory that jbuild itself obeys: the Buildfile, the ignore file. A link
 * is followed only where it stays in the directory; what is elsewhere is not read, not even to
 * complain about its content.
 */
public final class ContextFiles {
  private static final int MAX_SIZE = 16 << 20;

  private ContextFiles() {}

  /** The content of a file; empty where there is none of that name. */
  public static Optional<byte[]> read(Path directory, String name)
      throws IOException, UserException {
    Path file = directory.resolve(name);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    return Optional.of(read(directory, inside(directory, file)));
  }

  /** The path below the directory that a file's name leads to. */
  private static TreePath inside(Path directory, Path file) throws IOException, UserException {
    Path root = directory.toRealPath();
    Path real;
    try {
      real = file.toRealPath();
    } catch (NoSuchFileException | FileSystemLoopException e) {
      throw new UserException("\"" + file + "\" is a symbolic link that leads nowhere", e);
    }
    if (!real.startsWith(root)) {
      throw new UserException(
          "\"" + file + "\" is a symbolic link to a place outside of \"" + directory + "\"",
          "put the file itself there");
    }
    return TreePath.parse(root.relativize(real).toString());
  }

  private static byte[] read(Path directory, TreePath path) throws IOException, UserException {
    try (KernelDir root = KernelDir.open(directory);
        TreeView tree = TreeView.of(root)) {
      FileStat stat =
          tree.lookup(path)
              .orElseThrow(() -> new UserException("\"" + path + "\" has just vanished"));
      if (!stat.isRegular()) {
        throw new UserException(
            "\"" + directory + path + "\" is a " + stat.type() + ", not a file");
      }
      if (stat.size() > MAX_SIZE) {
        throw new UserException("\"" + directory + path + "\" is larger than 16 MiB");
      }
      try (InputFile file = tree.read(path)) {
        return file.asStream().readNBytes(MAX_SIZE);
      }
    }
  }
}
