package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.libs.Companion;
import io.jbuild.builder.libs.ProgramClosure;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.InvalidPatternException;
import io.jbuild.builder.match.Scope;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the inputs of a request into items. */
final class Selector {
  private final CopyRequest request;
  private final IgnoreRules excludes;
  private final List<Item> items = new ArrayList<>();
  private final List<Graft> grafts = new ArrayList<>();
  private final List<LibraryFile> libraries = new ArrayList<>();

  Selector(CopyRequest request) throws UserException {
    this.request = request;
    try {
      this.excludes = IgnoreRules.of(request.excludes());
    } catch (InvalidPatternException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  void select() throws IOException, UserException {
    for (CopyInput input : request.inputs()) {
      if (input instanceof CopyInput.Files files) {
        files(files);
      } else if (input instanceof CopyInput.Inline inline) {
        Item item = new Item(inline.content(), Timestamp.EPOCH);
        items.add(item);
        grafts.add(new Graft(item, fileName(inline.name()), List.of(), false));
      } else if (input instanceof CopyInput.Fetched fetched) {
        fetched(fetched);
      } else {
        throw new IllegalArgumentException("not there yet: " + input);
      }
    }
  }

  List<Item> items() {
    return items;
  }

  List<Graft> grafts() {
    return grafts;
  }

  List<LibraryFile> libraries() {
    return libraries;
  }

  private static Name fileName(String name) throws UserException {
    try {
      return Name.of(name);
    } catch (IllegalArgumentException e) {
      throw new UserException("\"" + name + "\" is not a file name", e);
    }
  }

  private void fetched(CopyInput.Fetched fetched) throws IOException, UserException {
    FileStat stat =
        fetched
            .tree()
            .view()
            .lookup(fetched.path())
            .filter(FileStat::isRegular)
            .orElseThrow(
                () -> new IllegalArgumentException("no file was fetched to " + fetched.path()));
    Item item = new Item(fetched.tree(), fetched.path(), stat);
    item.fetchedAs(fetched.permissions(), fetched.modified());
    items.add(item);
    grafts.add(new Graft(item, fileName(fetched.name()), List.of(), fetched.unpack()));
  }

  private void files(CopyInput.Files files) throws IOException, UserException {
    SourcePattern pattern = SourcePattern.parse(files.pattern(), request.parents());
    for (SourcePattern.Match match : pattern.match(files.tree())) {
      if (isExcluded(match)) {
        continue;
      }
      Optional<Item> item =
          TreeSelector.select(files.tree(), match.path(), match.stat(), scope(match), items);
      if (item.isPresent()) {
        add(files.tree(), match, item.get());
      } else if (!pattern.hasWildcards()) {
        throw pattern.notFound(files.tree(), match.named());
      }
    }
  }

  /** {@code --exclude} sees a file by its name, with {@code --parents} by all that is copied. */
  private boolean isExcluded(SourcePattern.Match match) {
    return !match.stat().isDirectory() && scope(match).excluded();
  }

  private Scope scope(SourcePattern.Match match) {
    List<Name> names = match.named().names();
    List<Name> seen = List.of();
    if (request.parents()) {
      seen = names.subList(match.pivot(), names.size());
    } else if (!match.stat().isDirectory()) {
      seen = names.subList(names.size() - 1, names.size());
    }
    Scope scope = excludes.root();
    for (Name name : seen) {
      scope = scope.enter(SourceTree.text(name));
    }
    return scope;
  }

  private void add(SourceTree tree, SourcePattern.Match match, Item item)
      throws IOException, UserException {
    boolean directory = item.stat().isDirectory();
    boolean contentOnly =
        directory && (!request.parents() || match.named().depth() == match.pivot());
    @Nullable Name name = match.named().isRoot() || contentOnly ? null : match.named().name();
    if (request.withLibs()) {
      libraries(tree, item);
    }
    boolean archive = request.unpack() && item.stat().isRegular();
    List<Graft.Parent> above = request.parents() ? above(tree, match) : List.of();
    grafts.add(new Graft(item, name, above, archive));
  }

  private List<Graft.Parent> above(SourceTree tree, SourcePattern.Match match) throws IOException {
    List<Graft.Parent> above = new ArrayList<>();
    List<Name> names = match.named().names();
    for (int i = match.pivot(); i < names.size() - 1; i++) {
      TreePath prefix = TreePath.of(names.subList(0, i + 1));
      Optional<FileStat> stat = tree.view().resolve(prefix).stat();
      if (stat.isPresent()) {
        above.add(new Graft.Parent(names.get(i), stat.get()));
      }
    }
    return above;
  }

  private void libraries(SourceTree tree, Item item) throws IOException, UserException {
    List<Item> programs = new ArrayList<>();
    ItemWalk.over(
        item,
        each -> {
          if (each.stat().isRegular() && (each == item || isProgram(each))) {
            programs.add(each);
          }
        });
    List<TreePath> paths = new ArrayList<>();
    programs.forEach(program -> paths.add(program.path));
    for (Companion companion : ProgramClosure.of(tree.view(), tree.name(), paths)) {
      int number = companion.place().program();
      library(tree, companion, number < 0 ? null : programs.get(number));
    }
  }

  /** In a directory: what can be started, and what can be loaded. */
  private static boolean isProgram(Item item) {
    return (item.stat().permissions() & 0111) != 0
        || SourceTree.text(item.path.name()).contains(".so");
  }

  private void library(SourceTree tree, Companion companion, @Nullable Item program)
      throws IOException {
    TreeView.Resolved found = tree.view().resolve(companion.source());
    Item item = new Item(tree, found.path(), found.stat().orElseThrow());
    items.add(item);
    libraries.add(new LibraryFile(item, companion.source(), companion.place(), program));
  }
}
