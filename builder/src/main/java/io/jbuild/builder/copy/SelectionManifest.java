package io.jbuild.builder.copy;

import io.jbuild.layers.Attributes;
import io.jbuild.linux.Printable;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What goes into a {@link SelectionDigest}, told line by line. */
final class SelectionManifest {
  private final SortedMap<String, String> lines = new TreeMap<>();

  private SelectionManifest() {}

  static SortedMap<String, String> of(
      AttributeRules rules, List<Graft> grafts, List<LibraryFile> libraries) {
    SelectionManifest manifest = new SelectionManifest();
    for (Graft graft : grafts) {
      ItemWalk.over(graft.item(), item -> manifest.add(item, rules.of(item)));
    }
    for (LibraryFile library : libraries) {
      manifest.add(library.item(), AttributeRules.ofLibrary(library.item()));
    }
    return Collections.unmodifiableSortedMap(manifest.lines);
  }

  private void add(Item item, Attributes attributes) {
    lines.put(
        item.tree == null ? "<<" + item.digest() : item.path.toString(),
        String.format(
            "%s %04o %d:%d %s",
            item.stat().type(),
            attributes.permissions(),
            attributes.uid(),
            attributes.gid(),
            content(item)));
  }

  private static String content(Item item) {
    return switch (item.stat().type()) {
      case REGULAR -> item.stat().size() + " " + item.digest();
      case SYMLINK -> "-> " + Printable.of(item.linkTarget());
      case CHARACTER_DEVICE, BLOCK_DEVICE -> item.stat().rdev().toString();
      default -> "";
    };
  }
}
