package io.jbuild.builder.match;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A place in a tree and how far each rule has got on the way there. Immutable; entering a name
 * costs one look at that name per rule that can still match, however deep the tree.
 */
public final class Scope {
  /** Marks a rule that has matched here or above: it matches everything below. */
  private static final long[] MATCHED = {};

  private final List<IgnoreRules.Rule> rules;
  private final long[][] states;
  private final boolean root;

  private Scope(List<IgnoreRules.Rule> rules, long[][] states, boolean root) {
    this.rules = rules;
    this.states = states;
    this.root = root;
  }

  static Scope root(List<IgnoreRules.Rule> rules) {
    long[][] states = new long[rules.size()][];
    for (int i = 0; i < states.length; i++) {
      states[i] = rules.get(i).pattern().glob().start();
    }
    return new Scope(rules, states, true);
  }

  /** Whether there is no rule at all, so that every scope of the tree is this one. */
  public boolean isUnruled() {
    return states.length == 0;
  }

  /** The scope of an entry of this directory. */
  public Scope enter(String name) {
    long[][] next = new long[states.length][];
    Arrays.fill(next, Glob.DEAD);
    for (int i = states.length - 1; i >= 0; i--) {
      next[i] = advance(i, name);
      if (next[i] == MATCHED) {
        // Rules before this one have no say here or below: their states stay dead.
        break;
      }
    }
    return new Scope(rules, next, false);
  }

  private long[] advance(int rule, String name) {
    long[] state = states[rule];
    if (state == MATCHED) {
      return state;
    }
    Glob glob = rules.get(rule).pattern().glob();
    long[] here = below(rule);
    long[] next = glob.advance(here, name);
    return glob.accepts(next) ? MATCHED : next;
  }

  /** Whether this entry is kept out of the build. */
  public boolean excluded() {
    return deciding().map(rule -> !rule.include()).orElse(false);
  }

  /** Whether a walk has to look below this directory. */
  public boolean mayContainIncluded() {
    for (int i = states.length - 1; i >= 0; i--) {
      if (states[i] == MATCHED) {
        return rules.get(i).include();
      }
      if (rules.get(i).include() && below(i) != Glob.DEAD) {
        return true;
      }
    }
    return true;
  }

  /** The state of a rule just before the name of an entry. */
  private long[] below(int rule) {
    long[] state = states[rule];
    return root ? state : rules.get(rule).pattern().glob().advance(state, "/");
  }

  /** The last rule that matches here or above. */
  public Optional<IgnoreRules.Rule> deciding() {
    for (int i = states.length - 1; i >= 0; i--) {
      if (states[i] == MATCHED) {
        return Optional.of(rules.get(i));
      }
    }
    return Optional.empty();
  }
}
