package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.match.InvalidPatternException;
import io.jbuild.builder.match.PathPattern;
import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the commands of a RUN make, remove and rewrite, as far as their words tell. */
final class RunEffects {
  private final Step step;
  private final List<TreePath> made = new ArrayList<>();
  private final List<String> removed = new ArrayList<>();
  private final List<String> packagesMade = new ArrayList<>();
  private final List<String> packagesRemoved = new ArrayList<>();
  private final List<Rewrite> rewrites = new ArrayList<>();
  private TreePath directory;

  /** {@code chown -R} or {@code chmod -R} of a tree. */
  record Rewrite(String program, TreePath path) {}

  private RunEffects(Step step) {
    this.step = step;
    this.directory = step.workdir();
  }

  static RunEffects of(Step step, Run run) {
    RunEffects effects = new RunEffects(step);
    ShellCommands.of(run.command()).forEach(effects::command);
    effects.made.removeIf(effects::isMounted);
    return effects;
  }

  /** What is in the layer when the command has ended. */
  List<TreePath> made() {
    return made;
  }

  List<String> packagesMade() {
    return packagesMade;
  }

  List<String> packagesRemoved() {
    return packagesRemoved;
  }

  List<Rewrite> rewrites() {
    return rewrites;
  }

  /** Whether this step removes a path, all of it. */
  boolean removes(TreePath path) {
    return removed.stream().anyMatch(pattern -> covers(pattern, path));
  }

  private void command(List<String> words) {
    String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
    List<String> operands = words.stream().skip(1).filter(word -> !word.startsWith("-")).toList();
    switch (program) {
      case "cd" -> operands.stream().findFirst().ifPresent(path -> directory = resolve(path));
      case "rm", "rmdir" -> operands.stream().filter(RunEffects::isPlain).forEach(this::remove);
      case "curl" -> download(words, Set.of("-o", "--output"));
      case "wget" -> download(words, Set.of("-O", "--output-document"));
      case "chown", "chgrp", "chmod" -> rewrite(program, words, operands);
      default -> Tool.of(words).ifPresent(tool -> tool(tool, words));
    }
  }

  private void tool(Tool tool, List<String> words) {
    tool.fills(words).forEach(path -> made.add(TreePath.parse(path)));
    tool.empties(words).forEach(this::remove);
    packagesMade.addAll(tool.installs(words));
    for (String name : tool.removes(words)) {
      if (!packagesMade.remove(name)) {
        packagesRemoved.add(name);
      }
    }
  }

  private void download(List<String> words, Set<String> options) {
    for (int i = 1; i + 1 < words.size(); i++) {
      String value = words.get(i + 1);
      if (options.contains(words.get(i)) && isPlain(value) && !value.equals("-")) {
        made.add(resolve(value));
      }
    }
  }

  private void rewrite(String program, List<String> words, List<String> operands) {
    boolean recursive =
        words.stream()
            .anyMatch(w -> w.equals("--recursive") || (w.matches("-[a-zA-Z]+") && w.contains("R")));
    if (recursive) {
      operands.stream()
          .skip(1)
          .filter(RunEffects::isPlain)
          .forEach(path -> rewrites.add(new Rewrite(program, resolve(path))));
    }
  }

  private void remove(String path) {
    String pattern = path.startsWith("/") ? path : directory + "/" + path;
    made.removeIf(made -> covers(pattern, made));
    removed.add(pattern);
  }

  /** Whether the words {@code rm -r PATTERN} take all of a path away. */
  private static boolean covers(String pattern, TreePath path) {
    boolean content = pattern.endsWith("/*");
    String text = content ? pattern.substring(0, pattern.length() - 2) : pattern;
    if (!PathPattern.hasWildcards(text)) {
      TreePath removed = TreePath.parse(text);
      // Without what is in it, a directory that a tool fills is as good as gone.
      return path.startsWith(removed) && !(removed.isRoot() && content);
    }
    try {
      return PathPattern.compile(text).matches(path.toString());
    } catch (InvalidPatternException e) {
      return false; // then the shell takes it literally, and such a name is nowhere else
    }
  }

  /** Whether the words say which path is meant. */
  private static boolean isPlain(String word) {
    return !word.contains("$") && !word.contains("`") && !word.startsWith("~");
  }

  private TreePath resolve(String path) {
    return TreePath.parse(path.startsWith("/") ? path : directory + "/" + path);
  }

  /** What is below a mount is not in the layer. */
  private boolean isMounted(TreePath path) {
    return step.mounts().stream()
        .flatMap(mount -> target(mount).stream())
        .anyMatch(
            target ->
                path.startsWith(
                    TreePath.parse(
                        target.startsWith("/") ? target : step.workdir() + "/" + target)));
  }

  private static Optional<String> target(RunMount mount) {
    if (mount instanceof RunMount.Cache cache) {
      return Optional.of(cache.target());
    }
    if (mount instanceof RunMount.Tmpfs tmpfs) {
      return Optional.of(tmpfs.target());
    }
    return mount instanceof RunMount.Bind bind ? Optional.of(bind.target()) : Optional.empty();
  }
}
