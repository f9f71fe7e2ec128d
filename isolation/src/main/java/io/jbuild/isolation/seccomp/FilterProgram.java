package io.jbuild.isolation.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a filter program. Jumps are relative and forward, so pieces can be put one after the
 * other as they are.
 */
final class FilterProgram {
  /** The kernel's BPF_MAXINSNS. */
  static final int MAX_INSTRUCTIONS = 4096;

  static final int ALLOW = 0x7fff0000;
  static final int KILL_PROCESS = 0x80000000;
  static final int KILL_THREAD = 0;
  static final int TRAP = 0x00030000;
  static final int ERRNO = 0x00050000;
  static final int TRACE = 0x7ff00000;
  static final int LOG = 0x7ffc0000;

  static final int LOAD = 0x20;
  static final int AND = 0x54;
  static final int IF_EQUAL = 0x15;
  static final int IF_ABOVE = 0x25;
  static final int IF_AT_LEAST = 0x35;
  private static final int JUMP = 0x05;
  private static final int RETURN = 0x06;

  /** The widest conditional jump: its offsets are bytes. */
  private static final int FAR = 255;

  /** struct sock_filter. */
  private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

  private final List<Instruction> instructions = new ArrayList<>();

  static FilterProgram empty() {
    return new FilterProgram();
  }

  static FilterProgram returning(int action) {
    return new FilterProgram().add(new Instruction(RETURN, 0, 0, action));
  }

  static FilterProgram returningErrno(int errno) {
    return returning(ERRNO | errno);
  }

  /** Loads 32 bits of struct seccomp_data. */
  static FilterProgram loading(int offset) {
    return new FilterProgram().add(new Instruction(LOAD, 0, 0, offset));
  }

  static FilterProgram masking(int mask) {
    return new FilterProgram().add(new Instruction(AND, 0, 0, mask));
  }

  static FilterProgram ifEqual(int value, FilterProgram then, FilterProgram otherwise) {
    return choose(IF_EQUAL, value, then, otherwise);
  }

  /** Unsigned. */
  static FilterProgram ifAtLeast(int value, FilterProgram then, FilterProgram otherwise) {
    return choose(IF_AT_LEAST, value, then, otherwise);
  }

  /** Returns the action if all comparisons hold, else goes on behind this piece. */
  static FilterProgram returningIf(List<Comparison> comparisons, int action) {
    List<List<Comparison.Test>> all = comparisons.stream().map(Comparison::tests).toList();
    int end = all.stream().mapToInt(List::size).sum() + 1; // behind the return
    FilterProgram program = new FilterProgram();
    for (List<Comparison.Test> tests : all) {
      int passed = program.size() + tests.size();
      for (Comparison.Test test : tests) {
        int next = program.size() + 1;
        int ifTrue = distance(test.ifTrue(), next, passed, end);
        int ifFalse = distance(test.ifFalse(), next, passed, end);
        program.add(new Instruction(test.code(), ifTrue, ifFalse, test.value()));
      }
    }
    return program.then(returning(action));
  }

  private static int distance(Comparison.To to, int next, int passed, int end) {
    return switch (to) {
      case NEXT -> 0;
      case PASS -> passed - next;
      case FAIL -> end - next;
    };
  }

  /** Both branches have to return. */
  private static FilterProgram choose(
      int code, int value, FilterProgram then, FilterProgram otherwise) {
    FilterProgram program = new FilterProgram();
    if (otherwise.size() <= FAR) {
      program.add(new Instruction(code, otherwise.size(), 0, value));
    } else {
      program.add(new Instruction(code, 0, 1, value));
      program.add(new Instruction(JUMP, 0, 0, otherwise.size()));
    }
    return program.then(otherwise).then(then);
  }

  FilterProgram then(FilterProgram next) {
    instructions.addAll(next.instructions);
    return this;
  }

  private FilterProgram add(Instruction instruction) {
    instructions.add(instruction);
    return this;
  }

  int size() {
    return instructions.size();
  }

  byte[] bytes() {
    if (size() > MAX_INSTRUCTIONS) {
      throw new IllegalStateException("filter of " + size() + " instructions");
    }
    ByteBuffer out = ByteBuffer.allocate(8 * size()).order(ByteOrder.nativeOrder());
    for (Instruction i : instructions) {
      out.putShort((short) i.code()).put((byte) i.ifTrue()).put((byte) i.ifFalse());
      out.putInt(i.value());
    }
    return out.array();
  }
}
