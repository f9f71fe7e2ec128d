package io.jbuild.builder.context;

import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.Scope;
import io.jbuild.builder.match.Verdict;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** A context that can be asked what its ignore rules make of it, for who wants to know why. */
public final class IgnoreQuestions implements Closeable {
  private final IgnoreRules rules;
  private final KernelDir root;
  private final TreeView tree;
  private final PassageProbe probe;

  private IgnoreQuestions(IgnoreRules rules, KernelDir root) {
    this.rules = rules;
    this.root = root;
    this.tree = TreeView.of(root);
    this.probe = new PassageProbe(root);
  }

  public static IgnoreQuestions open(Path context, IgnoreRules rules) throws IOException {
    return new IgnoreQuestions(rules, KernelDir.open(context));
  }

  /** The answer for a path below the context, whether or not anything is there. */
  public IgnoreAnswer ask(TreePath path) throws IOException {
    Scope scope = rules.root();
    for (Name name : path.names()) {
      scope = scope.enter(SourceTree.text(name));
    }
    boolean directory = tree.lookup(path).filter(FileStat::isDirectory).isPresent();
    return answer(path, directory, scope);
  }

  private IgnoreAnswer answer(TreePath path, boolean directory, Scope scope) throws IOException {
    Verdict verdict = scope.verdict();
    if (verdict == Verdict.PASSAGE && !(directory && probe.mayHold(path, scope))) {
      verdict = Verdict.HIDDEN;
    }
    return new IgnoreAnswer(path, directory, verdict, scope.deciding());
  }

  /** A directory while it is listed. */
  private record Level(TreePath path, Scope scope, Iterator<DirEntry> rest) {}

  /**
   * Goes through the whole context, parents first, names in the order of their bytes. What is below
   * an ignored directory that holds nothing else is not told one by one.
   */
  public void forEach(Consumer<IgnoreAnswer> visitor) throws IOException {
    Deque<Level> open = new ArrayDeque<>();
    open.push(level(TreePath.ROOT, rules.root()));
    while (!open.isEmpty()) {
      Level level = open.peek();
      if (!level.rest().hasNext()) {
        open.pop();
        continue;
      }
      DirEntry entry = level.rest().next();
      Scope scope = level.scope().enter(SourceTree.text(entry.name()));
      TreePath path = level.path().resolve(entry.name());
      IgnoreAnswer answer = answer(path, entry.stat().isDirectory(), scope);
      visitor.accept(answer);
      if (answer.directory() && answer.verdict() != Verdict.HIDDEN) {
        open.push(level(path, scope));
      }
    }
  }

  private Level level(TreePath path, Scope scope) throws IOException {
    return new Level(path, scope, tree.entries(path).iterator());
  }

  @Override
  public void close() throws IOException {
    try (root;
        tree) {
      probe.close();
    }
  }

  /** The Buildfile that a context has, if it has one: the ignore file may be named after it. */
  public static Optional<Path> buildfile(Path context) {
    return BuildfileFinder.present(context);
  }
}
