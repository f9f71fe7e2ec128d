package io.jbuild.builder.match;

import java.util.Arrays;
import java.util.List;

/**
 * A compiled pattern: a machine whose states are the gaps between tokens, advanced character by
 * character as a bit set. {@link Token#ELEMENTS} takes two states: before it, and inside its run.
 *
 * <p>Patterns of fewer than 64 states, which is all that people write, run on one {@code long} with
 * a table for ASCII: a scan of a large context spends its time here.
 */
final class Glob {
  /** No state: nothing that follows can match. Compared by identity. */
  static final long[] DEAD = {};

  private static final int ASCII = 128;
  private static final long ALL_STATES = -1;

  private final Token[] tokens;
  private final boolean[] inside;
  private final long[] start;

  /** For each state, it and those reachable from it without a character. */
  private final long[] closures;

  /**
   * For each ASCII character, the states that it moves on, and those that it leaves where they are.
   */
  private final long[] moves;

  private final long[] stays;

  /** States that others are reached from without a character: few, and none of literals. */
  private final long branching;

  /** What every text that matches ends with, as far as that is ASCII within one element. */
  private final byte[] tail;

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
    boolean small = size < Long.SIZE;
    closures = new long[small ? size + 1 : 0];
    for (int state = 0; state < closures.length; state++) {
      long[] closure = new long[1];
      enter(closure, state);
      closures[state] = closure[0];
    }
    moves = new long[small ? ASCII : 0];
    stays = new long[small ? ASCII : 0];
    for (int c = 0; c < moves.length; c++) {
      moves[c] = smallMoves(ALL_STATES, c);
      stays[c] = smallStays(ALL_STATES, c);
    }
    long branches = 0;
    for (int state = 0; state < closures.length; state++) {
      branches |= closures[state] == 1L << state ? 0 : 1L << state;
    }
    branching = branches;
    tail = tail();
  }

  private byte[] tail() {
    int from = tokens.length;
    while (from > 0 && tokens[from - 1].isLiteral() && isPlain(tokens[from - 1].literal())) {
      from--;
    }
    byte[] bytes = new byte[tokens.length - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) tokens[from + i].literal();
    }
    return bytes;
  }

  private static boolean isPlain(int c) {
    return c < ASCII && c != '/';
  }

  /** Adds a state and those reachable from it without a character. */
  private void enter(long[] states, int from) {
    int state = from;
    while (true) {
      states[state / Long.SIZE] |= 1L << state;
      if (state == tokens.length || inside[state]) {
        return;
      }
      Token token = tokens[state];
      if (token == Token.ELEMENTS) {
        states[(state + 1) / Long.SIZE] |= 1L << (state + 1);
        state += 2;
      } else if (token == Token.STAR || token == Token.ALL) {
        state++;
      } else {
        return;
      }
    }
  }

  private long smallMoves(long active, int c) {
    long states = 0;
    for (long rest = active & lowStates(); rest != 0; rest &= rest - 1) {
      states |= moves(Long.numberOfTrailingZeros(rest), c) ? Long.lowestOneBit(rest) : 0;
    }
    return states;
  }

  private long smallStays(long active, int c) {
    long states = 0;
    for (long rest = active & lowStates(); rest != 0; rest &= rest - 1) {
      states |= stays(Long.numberOfTrailingZeros(rest), c) ? Long.lowestOneBit(rest) : 0;
    }
    return states;
  }

  /** Those before a token: all but the last, which nothing moves on. */
  private long lowStates() {
    return (1L << tokens.length) - 1;
  }

  private boolean moves(int state, int c) {
    return inside[state] ? c == '/' : tokens[state].matches(c);
  }

  private boolean stays(int state, int c) {
    Token token = tokens[state];
    return inside[state] || token == Token.ALL || (token == Token.STAR && c != '/');
  }

  long[] start() {
    return start;
  }

  boolean accepts(long[] states) {
    return states != DEAD && (states[tokens.length / Long.SIZE] & (1L << tokens.length)) != 0;
  }

  boolean matches(String text) {
    return accepts(advance(start, text));
  }

  /** The states after {@code text}, or {@link #DEAD}. */
  long[] advance(long[] states, String text) {
    if (states == DEAD) {
      return DEAD;
    }
    return moves.length > 0 ? advanceSmall(states[0], text) : advanceLarge(states, text);
  }

  private long[] advanceSmall(long from, String text) {
    long states = from;
    int i = 0;
    while (i < text.length() && states != 0) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      states =
          c < ASCII ? step(states, c) : step(states, smallMoves(states, c), smallStays(states, c));
    }
    return states == 0 ? DEAD : new long[] {states};
  }

  private long step(long states, int ascii) {
    return step(states, moves[ascii], stays[ascii]);
  }

  private long step(long states, long moving, long staying) {
    long next = (states & moving) << 1 | (states & staying);
    for (long rest = next & branching; rest != 0; rest &= rest - 1) {
      next |= closures[Long.numberOfTrailingZeros(rest)];
    }
    return next;
  }

  /** Whether {@link #run} can be asked. */
  boolean isSmall() {
    return moves.length > 0;
  }

  /** The states after a name of ASCII characters; 0 is {@link #DEAD}. */
  long run(long from, byte[] name, int start, int end) {
    long states = from;
    for (int i = start; i < end && states != 0; i++) {
      states = step(states, name[i]);
    }
    return states;
  }

  /** The states below a directory whose name led to these. */
  long below(long states) {
    return step(states, '/');
  }

  boolean accepts(long states) {
    return (states & (1L << tokens.length)) != 0;
  }

  /**
   * Whether a path with this last name can match at all, from whatever states: most names are
   * refused here, by their last character.
   */
  boolean mayEndWith(byte[] name, int start, int end) {
    if (end - start < tail.length) {
      return false;
    }
    for (int i = 1; i <= tail.length; i++) {
      if (name[end - i] != tail[tail.length - i]) {
        return false;
      }
    }
    return true;
  }

  private long[] advanceLarge(long[] from, String text) {
    long[] states = from;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      states = stepLarge(states, c);
      if (Arrays.equals(states, new long[states.length])) {
        return DEAD;
      }
    }
    return states;
  }

  private long[] stepLarge(long[] states, int c) {
    long[] next = new long[states.length];
    for (int state = 0; state < tokens.length; state++) {
      if (states[state / Long.SIZE] == 0) {
        state |= Long.SIZE - 1;
        continue;
      }
      boolean active = (states[state / Long.SIZE] & (1L << state)) != 0;
      if (active && stays(state, c)) {
        enter(next, state);
      }
      if (active && moves(state, c)) {
        enter(next, state + 1);
      }
    }
    return next;
  }
}
