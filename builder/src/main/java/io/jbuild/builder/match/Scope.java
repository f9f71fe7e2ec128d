package io.jbuild.builder.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** The states before an entry's name; made when the first is asked for. */
  private long @Nullable [][] below;

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
    long[][] here = below();
    long[][] next = new long[states.length][];
    Arrays.fill(next, Glob.DEAD);
    for (int i = states.length - 1; i >= 0; i--) {
      next[i] = advance(i, here[i], name);
      if (next[i] == MATCHED) {
        // Rules before this one have no say here or below: their states stay dead.
        break;
      }
    }
    return new Scope(rules, next, false);
  }

  private long[] advance(int rule, long[] state, String name) {
    if (state == MATCHED) {
      return state;
    }
    Glob glob = glob(rule);
    long[] next = glob.advance(state, name);
    return glob.accepts(next) ? MATCHED : next;
  }

  private Glob glob(int rule) {
    return rules.get(rule).pattern().glob();
  }

  /** What becomes of an entry of this directory. */
  public Verdict judge(String name) {
    return enter(name).verdict();
  }

  /** What becomes of this entry. */
  public Verdict verdict() {
    if (!excluded()) {
      return Verdict.KEPT;
    }
    return mayContainIncluded() ? Verdict.PASSAGE : Verdict.HIDDEN;
  }

  /**
   * As {@link #judge(String)} and without making anything: a scan of a large context spends its
   * time here.
   *
   * @param name in UTF-8
   * @param directory false where the entry is certainly none: then it is never a passage
   * @return null where the name has to be looked at as text, which is because it is not ASCII
   */
  public @Nullable Verdict judge(byte[] name, int start, int end, boolean directory) {
    long[][] here = below();
    boolean passage = false;
    for (int i = here.length - 1; i >= 0; i--) {
      long[] state = here[i];
      if (state == Glob.DEAD) {
        continue;
      }
      boolean include = rules.get(i).include();
      Glob glob = glob(i);
      if (state != MATCHED && !directory && !glob.mayEndWith(name, start, end)) {
        continue;
      }
      if (state != MATCHED && !isAscii(name, start, end)) {
        return null;
      }
      if (state == MATCHED || matches(glob, state, name, start, end)) {
        return include ? Verdict.KEPT : passage ? Verdict.PASSAGE : Verdict.HIDDEN;
      }
      passage |= directory && include && livesBelow(glob, state, name, start, end);
    }
    return Verdict.KEPT;
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(Glob glob, long[] state, byte[] name, int start, int end) {
    return glob.isSmall()
        ? glob.accepts(glob.run(state[0], name, start, end))
        : glob.accepts(glob.advance(state, text(name, start, end)));
  }

  private static boolean livesBelow(Glob glob, long[] state, byte[] name, int start, int end) {
    return glob.isSmall()
        ? glob.below(glob.run(state[0], name, start, end)) != 0
        : glob.advance(state, text(name, start, end) + "/") != Glob.DEAD;
  }

  private static String text(byte[] name, int start, int end) {
    return new String(name, start, end - start, StandardCharsets.US_ASCII);
  }

  /** Whether this entry is kept out of the build. */
  public boolean excluded() {
    for (int i = states.length - 1; i >= 0; i--) {
      if (states[i] == MATCHED) {
        return !rules.get(i).include();
      }
    }
    return false;
  }

  /** Whether a walk has to look below this directory. */
  public boolean mayContainIncluded() {
    long[][] here = below();
    for (int i = states.length - 1; i >= 0; i--) {
      if (states[i] == MATCHED) {
        return rules.get(i).include();
      }
      if (rules.get(i).include() && here[i] != Glob.DEAD) {
        return true;
      }
    }
    return true;
  }

  private long[][] below() {
    long[][] known = below;
    if (known == null) {
      known = new long[states.length][];
      for (int i = 0; i < known.length; i++) {
        boolean ended = states[i] == MATCHED || states[i] == Glob.DEAD;
        known[i] = root || ended ? states[i] : glob(i).advance(states[i], "/");
      }
      below = known; // two threads at once make the same
    }
    return known;
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
