package io.jbuild.builder.libs;

import io.jbuild.linux.TreePath;

/**
 * Where a file has to be in the image for the loader to find it.
 *
 * @param program -1 for an absolute path; else the number of the program that looks for it relative
 *     to itself ({@code $ORIGIN})
 * @param path from the root, or from the program's directory, possibly through {@code ..}
 */
public record Place(int program, String path) {
  static final int ABSOLUTE = -1;

  static Place at(String path) {
    return new Place(ABSOLUTE, path);
  }

  /** The place's path once it is known where each program goes. */
  public TreePath in(TreePath programDirectory) {
    return program == ABSOLUTE
        ? Texts.path(path)
        : Texts.path(Texts.text(programDirectory) + "/" + path);
  }

  Place resolve(String name) {
    return new Place(program, path + "/" + name);
  }
}
