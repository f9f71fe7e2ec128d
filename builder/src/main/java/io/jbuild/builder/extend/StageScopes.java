package io.jbuild.builder.extend;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.instruction.From;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What is known at the ends of the stages so far, for those that begin with one of them. */
final class StageScopes {
  private final GlobalValues globals;
  private final Map<String, KnownArgs> ends = new HashMap<>();

  StageScopes(GlobalValues globals) {
    this.globals = globals;
  }

  /**
   * Keeps the end of a stage.
   *
   * @param name in lower case
   */
  void end(String name, KnownArgs scope) {
    ends.put(name, scope);
  }

  /**
   * The beginning of a stage; of an image nothing is known.
   *
   * @param visible the variables of its FROM line
   */
  KnownArgs begin(From from, Map<String, String> visible) {
    try {
      String base = new Expansion(visible, from.origin().escape()).word(from.base());
      KnownArgs found = ends.get(base.toLowerCase(Locale.ROOT));
      return found == null ? KnownArgs.begin(globals) : found.asBase();
    } catch (ExpansionException e) {
      return KnownArgs.begin(globals); // whoever makes the graph will meet it, and tell
    }
  }
}
