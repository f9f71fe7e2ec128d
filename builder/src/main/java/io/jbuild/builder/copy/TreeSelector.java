package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.match.Scope;
import io.jbuild.builder.match.Verdict;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Walks one selected file or directory: everything in it that is neither ignored nor excluded. Hard
 * links are links again within one selection; two sources of an instruction are two copies.
 */
final class TreeSelector {
  /** A directory with the rules as they stand there. */
  private record Place(Item directory, Scope ignored, Scope excluded) {
    boolean isPassage() {
      return ignored.excluded() || excluded.excluded();
    }
  }

  private final SourceTree tree;
  private final List<Item> all = new ArrayList<>();
  private final Deque<Place> open = new ArrayDeque<>();

  /** Directories that are there only for what may be included below them. */
  private final List<Item> passages = new ArrayList<>();

  private TreeSelector(SourceTree tree) {
    this.tree = tree;
  }

  /**
   * The item at a path with all below it; empty when the rules leave nothing.
   *
   * @param excludes what {@code --exclude} says of the path itself
   * @param collected gets every item, parents first
   */
  static Optional<Item> select(
      SourceTree tree, TreePath path, FileStat stat, Scope excludes, List<Item> collected)
      throws IOException, UserException {
    TreeSelector selector = new TreeSelector(tree);
    Item root = new Item(tree, path, stat, selector);
    selector.walk(root, excludes);
    selector.dropEmptyPassages(root);
    collected.addAll(selector.all);
    return selector.all.isEmpty() ? Optional.empty() : Optional.of(root);
  }

  private void walk(Item root, Scope excluded) throws IOException, UserException {
    refuseSocket(root);
    all.add(root);
    Scope ignored = tree.ignored().root();
    for (Name name : root.path.names()) {
      ignored = ignored.enter(SourceTree.text(name));
    }
    if (ignored.excluded() || excluded.excluded()) {
      passages.add(root);
    }
    if (root.stat().isDirectory()) {
      open.push(new Place(root, ignored, excluded));
    }
    while (!open.isEmpty()) {
      list(open.pop());
    }
  }

  /** A layer holds no socket: named itself it is a mistake, in a directory it is left out. */
  private static void refuseSocket(Item item) throws UserException {
    if (item.stat().type() == FileType.SOCKET) {
      throw new UserException(
          "\"" + item.path + "\" in " + item.tree().name() + " is a socket, not a file");
    }
  }

  private void list(Place place) throws IOException {
    Item directory = place.directory();
    for (DirEntry entry : tree.view().entries(directory.path)) {
      if (entry.stat().type() != FileType.SOCKET) {
        add(
            place,
            entry.name(),
            new Item(tree, directory.path.resolve(entry.name()), entry.stat(), this));
      }
    }
    if (!place.isPassage()) {
      directory.setXattrs(tree.view().xattrs(directory.path)); // while it is open
    }
  }

  private void add(Place place, Name name, Item item) throws IOException {
    if (!item.stat().isDirectory()) {
      addFile(place, name, item);
      return;
    }
    Scope ignored = enter(place.ignored(), name);
    Scope excluded = enter(place.excluded(), name);
    boolean hidden = ignored.excluded() || excluded.excluded();
    if (hidden) {
      if (!ignored.mayContainIncluded() || !excluded.mayContainIncluded()) {
        return;
      }
      if (ignored.excluded() && !tree.mayHold(item.path, ignored)) {
        return;
      }
      passages.add(item);
    }
    place.directory().children.add(item);
    all.add(item);
    open.push(new Place(item, ignored, excluded));
  }

  /** The view has hidden files that are ignored. */
  private void addFile(Place place, Name name, Item item) {
    Scope excluded = place.excluded();
    if (excluded.isUnruled() || excluded.judge(SourceTree.text(name)) == Verdict.KEPT) {
      place.directory().children.add(item);
      all.add(item);
    }
  }

  private static Scope enter(Scope scope, Name name) {
    return scope.isUnruled() ? scope : scope.enter(SourceTree.text(name));
  }

  private void dropEmptyPassages(Item root) throws IOException {
    if (passages.isEmpty()) {
      return;
    }
    Set<Item> droppable = Collections.newSetFromMap(new IdentityHashMap<>());
    droppable.addAll(passages);
    Set<Item> dropped = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = all.size() - 1; i >= 0; i--) {
      Item item = all.get(i);
      item.children.removeIf(dropped::contains);
      if (item.children.isEmpty() && droppable.contains(item)) {
        dropped.add(item);
      }
    }
    all.removeIf(dropped::contains);
    for (Item passage : passages) {
      if (passage.stat().isDirectory() && !dropped.contains(passage)) {
        passage.setXattrs(tree.view().xattrs(passage.path));
      }
    }
    if (dropped.contains(root)) {
      all.clear();
    }
  }
}
