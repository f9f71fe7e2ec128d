package io.jbuild.builder.libs;

import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ELF file in its place among the others.
 *
 * @param path without symbolic links, in the source tree
 * @param directory where it was found, in the source tree: its {@code $ORIGIN}
 * @param origin that directory as it will be in the image
 * @param loader the file that needed it first; null for the program
 */
record Loaded(
    TreePath path, TreePath directory, Place origin, ElfFile elf, @Nullable Loaded loader) {

  /** A directory to search: as it is in the source, and as it will be in the image. */
  record SearchDir(String source, Place place) {
    static SearchDir absolute(String path) {
      return new SearchDir(path, Place.at(path));
    }
  }

  /** This file's own search directories with their variables filled in. */
  List<SearchDir> expand(List<String> paths) {
    List<SearchDir> dirs = new ArrayList<>();
    for (String path : paths) {
      if (path.contains("$LIB") || path.contains("${LIB}")) {
        for (String lib : ElfMachine.libNames(elf.kind())) {
          dirs.add(expand(path.replace("${LIB}", lib).replace("$LIB", lib)));
        }
      } else {
        dirs.add(expand(path));
      }
    }
    return dirs;
  }

  private SearchDir expand(String path) {
    for (String variable : List.of("$ORIGIN", "${ORIGIN}")) {
      if (path.startsWith(variable)) {
        String rest = path.substring(variable.length());
        return new SearchDir(
            Texts.text(directory) + rest, new Place(origin.program(), origin.path() + rest));
      }
    }
    return SearchDir.absolute(path);
  }
}
