package io.jbuild.builder.copy;

import io.jbuild.builder.context.ContentDigest;
import io.jbuild.layers.Attributes;
import io.jbuild.linux.TreePath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The digest of a selection. */
final class SelectionDigest {
  /** A new form of the digest takes a new name: old records then do not fit, as they should. */
  private static final String FORM = "jbuild copy 3";

  private final AttributeRules rules;
  private final Framed framed = new Framed();
  private final Map<Item.Identity, Integer> shared = new HashMap<>();
  private int entries;

  private SelectionDigest(AttributeRules rules) {
    this.rules = rules;
    framed.text(FORM);
  }

  static ContentDigest of(AttributeRules rules, List<Graft> grafts, List<LibraryFile> libraries) {
    SelectionDigest digest = new SelectionDigest(rules);
    digest.framed.number(grafts.size());
    grafts.forEach(digest::add);
    digest.framed.number(libraries.size());
    libraries.forEach(digest::add);
    return digest.framed.digest();
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
    ItemWalk.over(graft.item(), item -> item(item.path.relativeBytes(root), item, rules.of(item)));
    framed.text("end");
  }

  private void add(LibraryFile library) {
    framed.bytes(library.source().bytes()).number(library.place().program());
    framed.text(library.place().path());
    item(new byte[0], library.item(), AttributeRules.ofLibrary(library.item()));
  }

  private void item(byte[] path, Item item, Attributes attributes) {
    framed.bytes(path).number(item.stat().type().bits());
    attributes(attributes);
    framed.number(sharedWith(item));
    content(item);
    entries++;
  }

  /** Mode and owner as they will be; the time is left out, since a checkout changes it. */
  private void attributes(Attributes attributes) {
    framed.number(attributes.permissions()).number(attributes.uid()).number(attributes.gid());
    framed.number(attributes.xattrs().size());
    if (!attributes.xattrs().isEmpty()) {
      attributes.xattrs().forEach((key, value) -> framed.text(key).bytes(value));
    }
  }

  /** One more than the number of the entry that is the same file, or 0. */
  private int sharedWith(Item item) {
    if (item.identity() == null) {
      return 0;
    }
    Integer first = shared.putIfAbsent(item.identity(), entries);
    return first == null ? 0 : first + 1;
  }

  private void content(Item item) {
    switch (item.stat().type()) {
      case REGULAR -> framed.number(item.stat().size()).bytes(item.digest().bytes());
      case SYMLINK -> framed.bytes(item.linkTarget());
      case CHARACTER_DEVICE, BLOCK_DEVICE ->
          framed.number(item.stat().rdev().major()).number(item.stat().rdev().minor());
      default -> {}
    }
  }
}
