package io.jbuild.builder.extend;

import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/** The IFs that are open at a place of one file, and whether the place is taken. */
final class Branches {
  private static final int MAX_DEPTH = 64;

  private final char escape;
  private final Deque<Block> open = new ArrayDeque<>();

  Branches(char escape) {
    this.escape = escape;
  }

  /** One IF up to its END. */
  private static final class Block {
    final Node begin;
    final boolean around;
    boolean decided;
    boolean taken;
    boolean last;

    Block(Node begin, boolean around) {
      this.begin = begin;
      this.around = around;
    }
  }

  /** Decides what a condition says; asked only where it matters. */
  @FunctionalInterface
  interface Decision {
    boolean holds(Condition condition, Node at) throws BuildfileException;
  }

  /** Whether what stands here is a part of this build. */
  boolean taken() {
    return open.isEmpty() || open.peek().taken;
  }

  void begin(Node node, Decision decision) throws BuildfileException {
    if (open.size() == MAX_DEPTH) {
      throw error(node, "IFs are nested more than " + MAX_DEPTH + " deep", "");
    }
    Block block = new Block(node, taken());
    decide(block, node, text(node), decision);
    open.push(block);
  }

  void next(Node node, Decision decision) throws BuildfileException {
    Block block = innermost(node);
    if (block.last) {
      throw error(
          node,
          "ELSE after the ELSE that ends an IF",
          "the IF is on line " + block.begin.range().startLine());
    }
    String text = text(node);
    String word = text.split("\\s", 2)[0];
    if (text.isEmpty()) {
      block.last = true;
      block.taken = block.around && !block.decided;
    } else if (word.toUpperCase(Locale.ROOT).equals("IF")) {
      decide(block, node, Blanks.trim(text.substring(word.length())), decision);
    } else {
      throw error(node, "ELSE takes nothing, or IF and a condition", "");
    }
  }

  void end(Node node) throws BuildfileException {
    if (!text(node).isEmpty()) {
      throw error(node, "END takes nothing", "");
    }
    innermost(node);
    open.pop();
  }

  /** To be called at the end of a file. */
  void checkClosed() throws BuildfileException {
    if (!open.isEmpty()) {
      throw error(open.peek().begin, "IF without END", "every IF ends in its own file, with END");
    }
  }

  private Block innermost(Node node) throws BuildfileException {
    return Optional.ofNullable(open.peek())
        .orElseThrow(() -> error(node, node.keyword() + " without IF", ""));
  }

  /** Every condition has to be one, also where its value does not matter. */
  private void decide(Block block, Node node, String text, Decision decision)
      throws BuildfileException {
    Condition condition;
    try {
      condition = ConditionReader.read(text, escape);
    } catch (ConditionReader.ConditionException e) {
      BuildfileException error =
          error(node, String.valueOf(e.getMessage()), "such as: IF $TARGETARCH == arm64");
      error.initCause(e);
      throw error;
    }
    block.taken = block.around && !block.decided && decision.holds(condition, node);
    block.decided |= block.taken;
  }

  private static String text(Node node) throws BuildfileException {
    if (!node.flags().isEmpty()) {
      throw error(node, node.keyword() + " takes no flags", "");
    }
    return node.arguments() instanceof Arguments.Text text ? text.text() : "";
  }

  private static BuildfileException error(Node node, String problem, String hint) {
    return new BuildfileException(
        problem, node.source(), node.range(), Optional.of(hint).filter(text -> !text.isEmpty()));
  }
}
