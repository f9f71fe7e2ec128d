package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.match.InvalidPatternException;
import io.jbuild.builder.match.PathPattern;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A source as it is written: components below the tree's root, each a name or a pattern. A leading
 * slash and {@code ..} above the root mean nothing. With {@code --parents}, {@code **} is any
 * number of directories, and what stands left of the first {@code /./} is not copied along; a
 * {@code ./} in front is none.
 */
final class SourcePattern {
  private static final String ANY_DEPTH = "**";

  /**
   * Something that a pattern names.
   *
   * @param named its path as it was named, links included
   * @param path its path without links
   * @param pivot how many of the named components are not copied along with {@code --parents}
   */
  record Match(TreePath named, TreePath path, FileStat stat, int pivot) {}

  private final String text;
  private final List<String> elements;
  private final int pivot;
  private final boolean deep;

  private SourcePattern(String text, List<String> elements, int pivot, boolean deep) {
    this.text = text;
    this.elements = elements;
    this.pivot = pivot;
    this.deep = deep;
  }

  static SourcePattern parse(String text, boolean parents) {
    // Not in "/" + text: the dot that "./dir" begins with is no pivot.
    int mark = parents ? text.indexOf("/./") : -1;
    List<String> elements = new ArrayList<>();
    int pivot = 0;
    if (mark >= 0) {
      clean(elements, text.substring(0, mark));
      pivot = elements.size();
      clean(elements, text.substring(mark + 2));
    } else {
      clean(elements, text);
    }
    return new SourcePattern(text, elements, Math.min(pivot, elements.size()), parents);
  }

  private static void clean(List<String> elements, String part) {
    for (String element : PathPattern.elements(part)) {
      if (element.equals("..")) {
        if (!elements.isEmpty()) {
          elements.remove(elements.size() - 1);
        }
      } else if (!element.equals(".")) {
        elements.add(element);
      }
    }
  }

  boolean hasWildcards() {
    return elements.stream().anyMatch(PathPattern::hasWildcards);
  }

  /** What it names, sorted; only a pattern with wildcards may name nothing. */
  List<Match> match(SourceTree tree) throws IOException, UserException {
    List<TreePath> named = List.of(TreePath.ROOT);
    for (String element : elements) {
      named =
          PathPattern.hasWildcards(element) ? expand(tree, named, element) : append(named, element);
    }
    List<Match> matches = new ArrayList<>();
    for (TreePath path : named) {
      TreeView.Resolved found = follow(tree, path);
      if (found.stat().isPresent()) {
        matches.add(new Match(path, found.path(), found.stat().get(), pivot));
      } else if (!hasWildcards()) {
        throw notFound(tree, path);
      }
    }
    return matches;
  }

  private static TreeView.Resolved follow(SourceTree tree, TreePath path)
      throws IOException, UserException {
    try {
      return tree.view().resolve(path);
    } catch (LinuxException e) {
      if (e.errno() != Errno.ELOOP) {
        throw e;
      }
      throw new UserException(
          "\"" + path + "\" in " + tree.name() + " is a symbolic link that leads to itself", e);
    }
  }

  private static List<TreePath> append(List<TreePath> parents, String element)
      throws UserException {
    Name name;
    try {
      name = Name.of(PathPattern.unescape(element));
    } catch (IllegalArgumentException e) {
      throw new UserException("\"" + element + "\" is not a file name", e);
    }
    List<TreePath> paths = new ArrayList<>(parents.size());
    for (TreePath parent : parents) {
      paths.add(parent.resolve(name));
    }
    return paths;
  }

  private List<TreePath> expand(SourceTree tree, List<TreePath> parents, String element)
      throws IOException, UserException {
    if (deep && element.equals(ANY_DEPTH)) {
      return allBelow(tree, parents);
    }
    PathPattern pattern = compile(element);
    List<TreePath> paths = new ArrayList<>();
    for (TreePath parent : parents) {
      Optional<TreePath> directory = directory(tree, parent);
      if (directory.isPresent()) {
        for (Name name : tree.view().list(directory.get())) {
          if (pattern.matches(SourceTree.text(name))) {
            paths.add(parent.resolve(name));
          }
        }
      }
    }
    return paths;
  }

  /** The directories themselves and all below them; links are not followed, so there is an end. */
  private static List<TreePath> allBelow(SourceTree tree, List<TreePath> parents)
      throws IOException {
    List<TreePath> paths = new ArrayList<>();
    Deque<TreePath> open = new ArrayDeque<>(parents);
    while (!open.isEmpty()) {
      TreePath path = open.remove();
      Optional<TreePath> directory = directory(tree, path);
      if (directory.isPresent()) {
        paths.add(path);
        for (Name name : tree.view().list(directory.get())) {
          Optional<FileStat> entry = tree.view().lookup(directory.get().resolve(name));
          if (entry.filter(FileStat::isDirectory).isPresent()) {
            open.add(path.resolve(name));
          }
        }
      }
    }
    paths.sort(null);
    return paths;
  }

  private static Optional<TreePath> directory(SourceTree tree, TreePath path) throws IOException {
    TreeView.Resolved found = tree.view().resolve(path);
    return found.stat().filter(FileStat::isDirectory).map(stat -> found.path());
  }

  private static PathPattern compile(String element) throws UserException {
    try {
      return PathPattern.compile(element);
    } catch (InvalidPatternException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  UserException notFound(SourceTree tree, TreePath path) throws IOException {
    String problem = "\"" + path + "\" is not in " + tree.name();
    if (tree.isHidden(path)) {
      return new UserException(problem, "it is there, but the ignore file excludes it");
    }
    Optional<TreePath> link = firstLink(tree, path);
    if (link.isPresent()) {
      return new UserException(
          problem,
          "\"" + link.get() + "\" is a symbolic link, which is followed inside of it only");
    }
    return new UserException(problem);
  }

  private static Optional<TreePath> firstLink(SourceTree tree, TreePath path) throws IOException {
    TreePath prefix = TreePath.ROOT;
    for (Name name : path.names()) {
      prefix = prefix.resolve(name);
      if (tree.view().lookup(prefix).filter(FileStat::isSymlink).isPresent()) {
        return Optional.of(prefix);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
