package io.jbuild.isolation.seccomp;

import java.util.ArrayList;
import java.util.List;

/**
 * What a rule of a profile asks of one argument, all 64 bits of it.
 *
 * @param index which of the six arguments
 * @param value for {@link Operator#MASKED_EQUAL} the mask
 * @param second for {@link Operator#MASKED_EQUAL} what the masked argument has to be
 */
record Comparison(int index, Operator operator, long value, long second) {
  /** As libseccomp has them; all are unsigned. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    MASKED_EQUAL
  }

  private static final int ARGUMENTS = 16;
  private static final int HIGH = 4;

  /** Where a test leads: to the one after it, behind all of this argument's, or out of the rule. */
  enum To {
    NEXT,
    PASS,
    FAIL
  }

  /** One instruction; those that test nothing lead to the next. */
  record Test(int code, int value, To ifTrue, To ifFalse) {}

  List<Test> tests() {
    int high = (int) (value >>> 32);
    int low = (int) value;
    List<Test> tests = new ArrayList<>();
    load(tests, HIGH);
    switch (operator) {
      case EQUAL -> {
        tests.add(new Test(FilterProgram.IF_EQUAL, high, To.NEXT, To.FAIL));
        load(tests, 0);
        tests.add(new Test(FilterProgram.IF_EQUAL, low, To.PASS, To.FAIL));
      }
      case NOT_EQUAL -> {
        tests.add(new Test(FilterProgram.IF_EQUAL, high, To.NEXT, To.PASS));
        load(tests, 0);
        tests.add(new Test(FilterProgram.IF_EQUAL, low, To.FAIL, To.PASS));
      }
      case MASKED_EQUAL -> masked(tests, high, low);
      case GREATER -> order(tests, FilterProgram.IF_ABOVE, To.PASS, To.FAIL);
      case GREATER_OR_EQUAL -> order(tests, FilterProgram.IF_AT_LEAST, To.PASS, To.FAIL);
      case LESS -> order(tests, FilterProgram.IF_AT_LEAST, To.FAIL, To.PASS);
      case LESS_OR_EQUAL -> order(tests, FilterProgram.IF_ABOVE, To.FAIL, To.PASS);
    }
    return tests;
  }

  private void load(List<Test> tests, int half) {
    int offset = ARGUMENTS + 8 * index + half;
    tests.add(new Test(FilterProgram.LOAD, offset, To.NEXT, To.NEXT));
  }

  private void masked(List<Test> tests, int highMask, int lowMask) {
    tests.add(new Test(FilterProgram.AND, highMask, To.NEXT, To.NEXT));
    tests.add(new Test(FilterProgram.IF_EQUAL, (int) (second >>> 32), To.NEXT, To.FAIL));
    load(tests, 0);
    tests.add(new Test(FilterProgram.AND, lowMask, To.NEXT, To.NEXT));
    tests.add(new Test(FilterProgram.IF_EQUAL, (int) second, To.PASS, To.FAIL));
  }

  /** The high half decides unless it is equal. */
  private void order(List<Test> tests, int lowCode, To ifMore, To ifLess) {
    int high = (int) (value >>> 32);
    tests.add(new Test(FilterProgram.IF_ABOVE, high, ifMore, To.NEXT));
    tests.add(new Test(FilterProgram.IF_EQUAL, high, To.NEXT, ifLess));
    load(tests, 0);
    tests.add(new Test(lowCode, (int) value, ifMore, ifLess));
  }
}
