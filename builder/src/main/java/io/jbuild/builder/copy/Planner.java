package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.layers.Attributes;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import io.jbuild.overlay.UnionView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts selected items where they belong in the image: the rules of COPY's destination. */
final class Planner {
  /** A directory that is copied, and the one that its content goes to. */
  private record Merge(Item from, Target into, TreePath path) {}

  private final CopyRequest request;
  private final AttributeRules rules;
  private final Timestamp time;
  private final Attributes made;
  private final Destination destination;

  /** Where each file went, for the libraries that are searched relative to a program. */
  private final Map<Item, TreePath> placed = new HashMap<>();

  private final List<Unpacking> archives = new ArrayList<>();

  private Planner(CopyRequest request, TreeView below, Timestamp time) throws IOException {
    this.request = request;
    this.rules = new AttributeRules(request);
    this.time = time;
    this.made = rules.ofMade(time);
    this.destination = new Destination(below);
  }

  static CopyPlan plan(
      CopyRequest request,
      List<Graft> grafts,
      List<LibraryFile> libraries,
      TreeView below,
      Timestamp time)
      throws IOException, UserException {
    TreeView under = request.link() ? UnionView.over(List.of()) : below;
    Planner planner = new Planner(request, under, time);
    for (Graft graft : grafts) {
      planner.add(graft, grafts.size() > 1);
    }
    LibraryPlacer placer =
        new LibraryPlacer(
            planner.destination, planner.rules.ofMadeForLibraries(time), planner.placed);
    for (LibraryFile library : libraries) {
      placer.place(library);
    }
    return new CopyPlan(planner.destination.root(), under, planner.archives, grafts.isEmpty());
  }

  /**
   * Of one source in an empty tree: at the destination is the source itself, with its attributes.
   */
  static CopyPlan planAlone(CopyRequest request, Graft graft) throws IOException, UserException {
    TreeView empty = UnionView.over(List.of());
    Planner planner = new Planner(request, empty, Timestamp.EPOCH);
    planner.add(graft, false);
    if (graft.item().stat().isDirectory()) {
      TreePath path = request.destinationPath();
      Target target = planner.destination.directory(path, planner.made);
      target.setAttributes(planner.rules.of(graft.item()));
    }
    return new CopyPlan(planner.destination.root(), empty, List.of(), false);
  }

  /** Several files under one name would leave the last alone, silently. */
  private UserException manyIntoOne() {
    return new UserException(
        "cannot copy several sources to \"" + request.destination() + "\": it is not a directory",
        "end the destination with a slash");
  }

  private void add(Graft graft, boolean several) throws IOException, UserException {
    TreePath path = destination.below().resolve(request.destinationPath()).path();
    if (graft.archive() && Unpacking.isArchive(graft.item())) {
      destination.directory(path, rules.ofMadeForArchive(time));
      archives.add(new Unpacking(graft.item(), path, request.owner()));
    } else if (request.parents()) {
      addWithParents(graft, path);
    } else if (graft.item().stat().isDirectory()) {
      addContent(graft.item(), path);
    } else if (request.isIntoDirectory() || isDirectory(path)) {
      Name name = nameOf(graft);
      putLeaf(destination.directory(path, made), path.resolve(name), graft.item());
    } else if (several) {
      throw manyIntoOne();
    } else {
      Target parent = destination.directory(path.parent().orElse(TreePath.ROOT), made);
      putLeaf(parent, path, graft.item());
    }
  }

  private static Name nameOf(Graft graft) {
    Name name = graft.name();
    if (name == null) {
      throw new IllegalStateException(graft.item().path + " has no name");
    }
    return name;
  }

  private boolean isDirectory(TreePath path) throws IOException {
    return destination.typeAt(path).filter(type -> type == FileType.DIRECTORY).isPresent();
  }

  private void addContent(Item directory, TreePath path) throws IOException, UserException {
    // The destination is no copy of the source: when it has to be made it is like any other.
    merge(new Merge(directory, destination.directory(path, made), path));
  }

  private void addWithParents(Graft graft, TreePath base) throws IOException, UserException {
    Target into = destination.directory(base, made);
    TreePath path = base;
    for (Graft.Parent parent : graft.above()) {
      path = path.resolve(parent.name());
      Optional<Target> known = destination.planned(path);
      into = destination.directory(path, made);
      if (known.isEmpty()) {
        into.setAttributes(rules.ofParent(graft.item(), parent));
      }
    }
    Name name = graft.name();
    if (name == null) {
      merge(new Merge(graft.item(), into, path));
    } else if (graft.item().stat().isDirectory()) {
      addDirectory(new Merge(graft.item(), into, path.resolve(name)), new ArrayDeque<>());
    } else {
      putLeaf(into, path.resolve(name), graft.item());
    }
  }

  private void merge(Merge first) throws IOException, UserException {
    Deque<Merge> open = new ArrayDeque<>();
    open.push(first);
    mergeAll(open);
  }

  private void mergeAll(Deque<Merge> open) throws IOException, UserException {
    while (!open.isEmpty()) {
      Merge merge = open.pop();
      for (Item child : merge.from().children) {
        TreePath path = merge.path().resolve(child.path.name());
        if (child.stat().isDirectory()) {
          open(new Merge(child, merge.into(), path), open);
        } else {
          putLeaf(merge.into(), path, child);
        }
      }
    }
  }

  private void addDirectory(Merge child, Deque<Merge> open) throws IOException, UserException {
    open(child, open);
    mergeAll(open);
  }

  /**
   * Opens a copied directory inside {@code child.into()}. Where the image has a link to a directory
   * instead, such as {@code /lib -> usr/lib}, the content goes there and the link stays.
   */
  private void open(Merge child, Deque<Merge> open) throws IOException, UserException {
    TreePath path = child.path();
    if (destination.isLinkBelow(child.into(), path)) {
      TreeView.Resolved end = destination.below().resolve(path);
      if (end.stat().filter(FileStat::isDirectory).isPresent()) {
        open.push(new Merge(child.from(), destination.directory(end.path(), made), end.path()));
        return;
      }
    }
    Target target = destination.child(child.into(), path, made);
    target.setAttributes(rules.of(child.from()));
    open.push(new Merge(child.from(), target, path));
  }

  private void putLeaf(Target parent, TreePath path, Item item) throws IOException, UserException {
    Attributes attributes = rules.of(item);
    if (item.inline() != null) {
      attributes = attributes.withModified(time);
    }
    destination.put(parent, path, item, attributes);
    placed.put(item, path);
  }
}
