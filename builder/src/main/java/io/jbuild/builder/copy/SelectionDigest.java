package io.jbuild.builder.copy;

import io.jbuild.builder.context.ContentDigest;
import io.jbuild.layers.Attributes;
import io.jbuild.linux.Printable;
import io.jbuild.linux.TreePath;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The digest of a selection, and the same told line by line. */
final class SelectionDigest {
  /** A new form of the digest takes a new name: old records then do not fit, as they should. */
  private static final String FORM = "jbuild copy 1";

  private final AttributeRules rules;
  private final Framed framed = new Framed();
  private final SortedMap<String, String> manifest = new TreeMap<>();
  private final Map<Item.Identity, Integer> shared = new HashMap<>();
  private int entries;
  private @Nullable ContentDigest result;

  private SelectionDigest(AttributeRules rules) {
    this.rules = rules;
    framed.text(FORM);
  }

  static SelectionDigest of(AttributeRules rules, List<Graft> grafts, List<LibraryFile> libraries) {
    SelectionDigest digest = new SelectionDigest(rules);
    digest.framed.number(grafts.size());
    grafts.forEach(digest::add);
    digest.framed.number(libraries.size());
    libraries.forEach(digest::add);
    return digest;
  }

  ContentDigest digest() {
    if (result == null) {
      result = framed.digest();
    }
    return result;
  }

  SortedMap<String, String> manifest() {
    return Collections.unmodifiableSortedMap(manifest);
  }

  private void add(Graft graft) {
    framed.bytes(graft.name() == null ? new byte[0] : graft.name().bytes());
    framed.number(graft.archive() ? 1 : 0);
    framed.number(graft.above().size());
    for (Graft.Parent parent : graft.above()) {
      framed.bytes(parent.name().bytes());
      attributes(rules.ofParent(graft.item(), parent));
    }
    TreePath root = graft.item().path;
    ItemWalk.over(
        graft.item(), item -> item(root.relativize(item.path), item, rules.of(item), label(item)));
    framed.text("end");
  }

  private void add(LibraryFile library) {
    framed.bytes(library.source().bytes()).number(library.place().program());
    framed.text(library.place().path());
    Item item = library.item();
    item(TreePath.ROOT, item, AttributeRules.ofLibrary(item), label(item));
  }

  private static String label(Item item) {
    return item.tree == null ? "<<" + item.digest() : item.path.toString();
  }

  private void item(TreePath path, Item item, Attributes attributes, String label) {
    framed.bytes(path.bytes()).text(item.stat().type().name());
    attributes(attributes);
    framed.number(sharedWith(item));
    String content = content(item);
    manifest.put(
        label,
        String.format(
            "%s %04o %d:%d %s",
            item.stat().type(),
            attributes.permissions(),
            attributes.uid(),
            attributes.gid(),
            content));
    entries++;
  }

  /** Mode and owner as they will be; the time is left out, since a checkout changes it. */
  private void attributes(Attributes attributes) {
    framed.number(attributes.permissions()).number(attributes.uid()).number(attributes.gid());
    framed.number(attributes.xattrs().size());
    attributes.xattrs().forEach((key, value) -> framed.text(key).bytes(value));
  }

  /** The number of the entry that is the same file, or -1. */
  private int sharedWith(Item item) {
    if (item.identity() == null) {
      return -1;
    }
    Integer first = shared.putIfAbsent(item.identity(), entries);
    return first == null ? -1 : first;
  }

  private String content(Item item) {
    switch (item.stat().type()) {
      case REGULAR -> {
        framed.number(item.stat().size()).bytes(item.digest().bytes());
        return item.stat().size() + " " + item.digest();
      }
      case SYMLINK -> {
        framed.bytes(item.linkTarget());
        return "-> " + Printable.of(item.linkTarget());
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE -> {
        framed.number(item.stat().rdev().major()).number(item.stat().rdev().minor());
        return item.stat().rdev().toString();
      }
      default -> {
        return "";
      }
    }
  }
}
