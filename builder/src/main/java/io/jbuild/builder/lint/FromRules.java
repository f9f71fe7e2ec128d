package io.jbuild.builder.lint;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.plan.PlatformNames;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.util.Locale;
import java.util.Set;

/** Checks of FROM lines and the variables in them. */
final class FromRules {
  private static final String TARGET_PLATFORM = "TARGETPLATFORM";

  private final GlobalScope scope;
  private final Findings findings;

  FromRules(GlobalScope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /**
   * Whether the base is an image's name, or a stage's, when no build argument is given.
   *
   * @param defaults the scope without build arguments
   * @param above the names of the stages above
   * @return false where that cannot be told, for this line and those below: a variable has no value
   *     and its {@code :?} demands one, which without build arguments is as it should be
   */
  static boolean checkDefaults(
      Line line, GlobalScope defaults, Set<String> above, Findings findings) {
    From from = (From) line.instruction();
    Expansion expansion = new Expansion(defaults.values(), from.origin().escape());
    try {
      String base = expansion.word(from.base());
      if (!above.contains(base.toLowerCase(Locale.ROOT))) {
        Reference.parse(base);
      }
    } catch (ExpansionException e) {
      return false;
    } catch (MalformedException e) {
      findings.add(
          line,
          Rule.INVALID_DEFAULT_ARG_IN_FROM,
          "without build arguments \"" + from.base() + "\" is no valid name of a base image");
    }
    return true;
  }

  /** Checks one FROM and answers it with variables replaced. */
  From check(Line line) throws BuildfileException {
    From from = (From) line.instruction();
    Expansion base = new Expansion(scope.values(), from.origin().escape());
    word(line, base, from.base());
    if (from.platform().isPresent()) {
      Expansion expansion = new Expansion(scope.values(), from.origin().escape());
      platform(line, word(line, expansion, from.platform().get()), expansion);
    }
    return from.expand(new Expansion(scope.values(), from.origin().escape()));
  }

  private String word(Line line, Expansion expansion, String word) throws BuildfileException {
    try {
      return expansion.word(word);
    } catch (ExpansionException e) {
      BuildfileException error = line.instruction().origin().error(e.problem());
      error.initCause(e);
      throw error;
    } finally {
      undefined(line, expansion.undefined());
    }
  }

  private void undefined(Line line, Set<String> names) {
    for (String name : names) {
      if (!scope.names().contains(name)) {
        String hint =
            Suggestion.nearest(name, scope.names())
                .map(near -> " (did you mean $" + near + "?)")
                .orElse("");
        findings.add(
            line,
            Rule.UNDEFINED_ARG_IN_FROM,
            "no ARG before the first FROM declares $" + name + hint);
      }
    }
  }

  private void platform(Line line, String expanded, Expansion expansion) throws BuildfileException {
    From from = (From) line.instruction();
    Platform platform = PlatformNames.parse(expanded, from.origin());
    boolean constant = expansion.used().isEmpty() && expansion.undefined().isEmpty();
    boolean redundant =
        expansion.used().equals(Set.of(TARGET_PLATFORM))
            && expansion.undefined().isEmpty()
            && expanded.equals(scope.values().get(TARGET_PLATFORM));
    if (redundant) {
      findings.add(
          line,
          Rule.REDUNDANT_TARGET_PLATFORM,
          "--platform=" + from.platform().orElse("") + " says what holds without it");
    } else if (constant && !nameTells(from, platform)) {
      findings.add(
          line,
          Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
          "--platform is always \"" + expanded + "\", whatever the build is for");
    }
  }

  /** A stage whose name says its platform is meant so. */
  private static boolean nameTells(From from, Platform platform) {
    String name = from.name().orElse("");
    return name.contains(platform.os()) || name.contains(platform.architecture());
  }
}
