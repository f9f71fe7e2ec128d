package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The name of an archive entry as a path below the root that it is unpacked into. */
final class EntryPath {
  private static final int LONGEST_NAME = 255;

  /**
   * With names of 255 bytes this is some 4,000 levels: more than any system can use, and soon
   * walked.
   */
  private static final int LONGEST = 1 << 20;

  private EntryPath() {}

  /**
   * Leading slashes, empty parts and dots are dropped; climbing is refused even where it would stay
   * inside, since readers differ in what they make of it.
   */
  static TreePath parse(byte[] name, byte[] entry) throws BadArchiveException {
    if (name.length > LONGEST) {
      throw BadArchiveException.entry(entry, "a path of " + name.length + " bytes is too long");
    }
    List<Name> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= name.length; i++) {
      if (i == name.length || name[i] == '/') {
        add(names, Arrays.copyOfRange(name, start, i), entry);
        start = i + 1;
      }
    }
    return TreePath.of(names);
  }

  private static void add(List<Name> names, byte[] part, byte[] entry) throws BadArchiveException {
    if (part.length == 0 || (part.length == 1 && part[0] == '.')) {
      return;
    }
    if (part.length == 2 && part[0] == '.' && part[1] == '.') {
      throw BadArchiveException.entry(entry, "a path must not climb with \"..\"");
    }
    if (part.length > LONGEST_NAME) {
      throw BadArchiveException.entry(entry, "a name of " + part.length + " bytes is too long");
    }
    if (!Name.isValid(part)) {
      throw BadArchiveException.entry(entry, "a name contains a NUL byte");
    }
    names.add(Name.of(part));
  }
}
