package io.jbuild.fuzz;

import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.InvalidPatternException;
import io.jbuild.builder.match.PathPattern;
import io.jbuild.builder.source.BuildfileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Ignore rules against {@link SlowGlob}, and what is pruned against asking for everything below.
 */
final class IgnoreTarget {
  private static final int MAX_PATTERN = 40;
  private static final int MAX_PATH = 60;
  private static final int MAX_PATHS = 12;
  private static final int MAX_PATHS_TEXT = 256;

  private IgnoreTarget() {}

  static void match(String text) {
    String[] halves = halves(text);
    try {
      IgnoreRules rules =
          IgnoreRules.parse(halves[0].getBytes(StandardCharsets.UTF_8), ".dockerignore");
      // rules times paths is what it costs: long lists of both are not what is looked for
      String paths = halves[1].substring(0, Math.min(halves[1].length(), MAX_PATHS_TEXT));
      for (String path : paths.split("\n", -1)) {
        rules.excluded(path);
        rules.mayContainIncluded(path);
      }
    } catch (BuildfileException e) {
      Promise.readable(e.render());
    }
  }

  private static String[] halves(String text) {
    int middle = text.indexOf("\n--\n");
    return middle < 0
        ? new String[] {text, text}
        : new String[] {text.substring(0, middle), text.substring(middle + 4)};
  }

  static void check(String text) {
    match(text);
    String[] halves = halves(text);
    List<String> paths = paths(halves[1]);
    checkPathPatterns(halves[0], paths);
    IgnoreRules rules;
    try {
      rules = IgnoreRules.parse(halves[0].getBytes(StandardCharsets.UTF_8), ".dockerignore");
    } catch (BuildfileException e) {
      return;
    }
    if (rules.rules().stream().anyMatch(rule -> rule.text().length() > MAX_PATTERN)) {
      return;
    }
    SlowRules slow = new SlowRules(rules);
    for (String path : paths) {
      Promise.same(slow.excludes(path), rules.excluded(path), path);
      checkPruning(rules, slow, path, paths);
    }
  }

  /** Clean relative paths only: the promise is for those. */
  private static List<String> paths(String text) {
    List<String> paths = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String path = SlowRules.clean(line);
      boolean inside = !path.equals(".") && !path.equals("..") && !path.startsWith("../");
      if (inside && path.length() <= MAX_PATH && paths.size() < MAX_PATHS) {
        paths.add(path);
      }
    }
    return paths;
  }

  private static void checkPruning(
      IgnoreRules rules, SlowRules slow, String path, List<String> paths) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      checkPruned(rules, slow, path.substring(0, slash), path);
    }
    for (String name : List.of("x", "a/b", ".git")) {
      checkPruned(rules, slow, path, path + "/" + name);
    }
    for (String other : paths) {
      checkPruned(rules, slow, path, path + "/" + other);
    }
    for (IgnoreRules.Rule rule : rules.rules()) {
      String below = SlowRules.clean(path + "/" + rule.text());
      if (below.startsWith(path + "/")) {
        checkPruned(rules, slow, path, below);
      }
    }
  }

  private static void checkPruned(IgnoreRules rules, SlowRules slow, String dir, String path) {
    if (!rules.mayContainIncluded(dir)) {
      Promise.holds(slow.excludes(path), "\"" + dir + "\" is pruned, but has \"" + path + "\"");
    }
  }

  private static void checkPathPatterns(String patterns, List<String> paths) {
    for (String pattern : patterns.split("\n", -1)) {
      if (pattern.length() > MAX_PATTERN) {
        continue;
      }
      try {
        PathPattern compiled = PathPattern.compile(pattern);
        for (String path : paths) {
          boolean expected = SlowGlob.matches(pattern, path, false);
          Promise.same(expected, compiled.matches(path), pattern + " on " + path);
        }
      } catch (InvalidPatternException e) {
        Promise.holds(!SlowGlob.isValid(pattern), "refused: " + pattern);
      }
    }
  }
}
