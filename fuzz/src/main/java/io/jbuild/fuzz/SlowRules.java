package io.jbuild.fuzz;

import io.jbuild.builder.match.IgnoreRules;
import java.util.ArrayList;
import java.util.List;

/** Ignore rules as the reference tells them: every rule against the path and all above it. */
final class SlowRules {
  private final IgnoreRules rules;

  SlowRules(IgnoreRules rules) {
    this.rules = rules;
  }

  boolean excludes(String path) {
    boolean excluded = false;
    for (IgnoreRules.Rule rule : rules.rules()) {
      String text = rule.text();
      boolean include = text.startsWith("!");
      String pattern = clean(include ? text.substring(1).strip() : text);
      pattern = pattern.length() > 1 && pattern.startsWith("/") ? pattern.substring(1) : pattern;
      if (matchesOrParent(pattern, path)) {
        excluded = !include;
      }
    }
    return excluded;
  }

  private static boolean matchesOrParent(String pattern, String path) {
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      if (SlowGlob.matches(pattern, path.substring(0, end), true)) {
        return true;
      }
    }
    return SlowGlob.matches(pattern, path, true);
  }

  /** Go's {@code path.Clean}, without a leading slash. */
  static String clean(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      boolean up = part.equals("..");
      boolean removes = up && !parts.isEmpty() && !parts.get(parts.size() - 1).equals("..");
      if (removes) {
        parts.remove(parts.size() - 1);
      } else if (!up || !path.startsWith("/")) {
        parts.add(part);
      }
    }
    return parts.isEmpty() ? "." : String.join("/", parts);
  }
}
