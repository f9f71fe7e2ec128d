package io.jbuild.builder.match;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of an ignore file: the last rule that matches a path, or a directory above it, decides;
 * {@code !} includes again; without a match a path is included.
 *
 * <p>{@code **} is any number of elements; patterns are cleaned as paths, a leading slash is
 * dropped; {@code #} is a comment in column 1 only. Many paths of one tree are best asked through
 * {@link #root} and {@link Scope#enter}, which look at each name once.
 */
public final class IgnoreRules {
  /** Rules that exclude nothing. */
  public static final IgnoreRules NONE = new IgnoreRules(List.of());

  private final List<Rule> rules;

  private IgnoreRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * One line of the file.
   *
   * @param line counted from 1
   * @param text as written, blanks trimmed
   * @param include whether it begins with {@code !}
   */
  public record Rule(int line, String text, boolean include, Pattern pattern) {}

  /** A compiled ignore pattern. */
  public static final class Pattern {
    private final Glob glob;

    private Pattern(Glob glob) {
      this.glob = glob;
    }

    Glob glob() {
      return glob;
    }
  }

  /** Reads an ignore file; {@code name} is for error messages. */
  public static IgnoreRules parse(byte[] text, String name) throws BuildfileException {
    Source source = Source.of(name, text);
    List<Rule> rules = new ArrayList<>();
    for (int line = 1; line <= source.lineCount(); line++) {
      String written = source.line(line);
      if (written.startsWith("#") || written.isBlank()) {
        continue;
      }
      try {
        rules.add(rule(line, written.strip()));
      } catch (InvalidPatternException e) {
        String problem = String.valueOf(e.getMessage());
        throw new BuildfileException(problem, source, SourceRange.line(line));
      }
    }
    return new IgnoreRules(rules);
  }

  /** Rules from a list, as in {@code COPY --exclude}; blank patterns are dropped. */
  public static IgnoreRules of(List<String> patterns) throws InvalidPatternException {
    List<Rule> rules = new ArrayList<>();
    for (String pattern : patterns) {
      if (!pattern.isBlank()) {
        rules.add(rule(rules.size() + 1, pattern.strip()));
      }
    }
    return new IgnoreRules(rules);
  }

  private static Rule rule(int line, String text) throws InvalidPatternException {
    boolean include = text.startsWith("!");
    String pattern = include ? text.substring(1).strip() : text;
    if (pattern.isEmpty()) {
      throw new InvalidPatternException(text, "nothing follows \"!\"");
    }
    Glob glob = new GlobParser(clean(pattern)).parse(true);
    return new Rule(line, text, include, new Pattern(glob));
  }

  /** {@code path.Clean}, then without the leading slash. */
  private static String clean(String pattern) {
    boolean rooted = pattern.startsWith("/");
    List<String> names = new ArrayList<>();
    for (String name : pattern.split("/", -1)) {
      boolean up = name.equals("..");
      if (up && !names.isEmpty() && !names.get(names.size() - 1).equals("..")) {
        names.remove(names.size() - 1);
      } else if (!name.isEmpty() && !name.equals(".") && !(up && rooted)) {
        names.add(name);
      }
    }
    return names.isEmpty() ? "." : String.join("/", names);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  public List<Rule> rules() {
    return rules;
  }

  /** The top of the tree, which is never excluded itself. */
  public Scope root() {
    return Scope.root(rules);
  }

  /** Whether the path is kept out of the build. */
  public boolean excluded(String slashPath) {
    return scope(slashPath).excluded();
  }

  /**
   * Whether a walk has to look below this directory: false only when everything below it is
   * excluded, whatever it is called.
   */
  public boolean mayContainIncluded(String dirPath) {
    return scope(dirPath).mayContainIncluded();
  }

  /** The rule that decides about the path, if any does: what to show to who asks why. */
  public Optional<Rule> deciding(String slashPath) {
    return scope(slashPath).deciding();
  }

  private Scope scope(String slashPath) {
    Scope scope = root();
    for (String name : slashPath.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        scope = scope.enter(name);
      }
    }
    return scope;
  }
}
