package io.jbuild.builder.match;

import java.util.Arrays;
import java.util.List;

/**
 * A compiled pattern: a machine whose states are the gaps between tokens, advanced character by
 * character as a bit set. {@link Token#ELEMENTS} takes two states: before it, and inside its run.
 */
final class Glob {
  /** No state: nothing that follows can match. Compared by identity. */
  static final long[] DEAD = {};

  private final Token[] tokens;
  private final boolean[] inside;
  private final long[] start;

  Glob(List<Token> pattern) {
    int size = pattern.size() + (int) pattern.stream().filter(t -> t == Token.ELEMENTS).count();
    tokens = new Token[size];
    inside = new boolean[size];
    int i = 0;
    for (Token token : pattern) {
      tokens[i++] = token;
      if (token == Token.ELEMENTS) {
        inside[i] = true;
        tokens[i++] = token;
      }
    }
    start = new long[size / Long.SIZE + 1];
    enter(start, 0);
  }

  long[] start() {
    return start;
  }

  boolean accepts(long[] states) {
    return states != DEAD && get(states, tokens.length);
  }

  /** The states after {@code text}, or {@link #DEAD}. */
  long[] advance(long[] states, String text) {
    long[] current = states;
    int i = 0;
    while (i < text.length() && current != DEAD) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      current = step(current, c);
    }
    return current;
  }

  boolean matches(String text) {
    return accepts(advance(start, text));
  }

  private long[] step(long[] states, int c) {
    long[] next = new long[states.length];
    for (int word = 0; word < states.length; word++) {
      long rest = states[word];
      while (rest != 0) {
        int state = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        rest &= rest - 1;
        stepFrom(state, c, next);
      }
    }
    return Arrays.equals(next, new long[next.length]) ? DEAD : next;
  }

  private void stepFrom(int state, int c, long[] next) {
    if (state == tokens.length) {
      return;
    }
    Token token = tokens[state];
    if (inside[state]) {
      set(next, state);
      if (c == '/') {
        enter(next, state + 1);
      }
    } else if (token == Token.ALL || (token == Token.STAR && c != '/')) {
      enter(next, state);
    } else if (token.matches(c)) {
      enter(next, state + 1);
    }
  }

  /** Adds a state and those reachable from it without a character. */
  private void enter(long[] states, int from) {
    int state = from;
    while (!get(states, state)) {
      set(states, state);
      if (state == tokens.length || inside[state]) {
        return;
      }
      Token token = tokens[state];
      if (token == Token.ELEMENTS) {
        set(states, state + 1);
        state += 2;
      } else if (token == Token.STAR || token == Token.ALL) {
        state++;
      } else {
        return;
      }
    }
  }

  private static boolean get(long[] states, int state) {
    return (states[state / Long.SIZE] & (1L << state)) != 0;
  }

  private static void set(long[] states, int state) {
    states[state / Long.SIZE] |= 1L << state;
  }
}
