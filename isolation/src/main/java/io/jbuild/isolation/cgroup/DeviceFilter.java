package io.jbuild.isolation.cgroup;

import io.jbuild.linux.FileType;
import io.jbuild.linux.bpf.Instruction;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles device rules to the program that a version 2 group has instead of a list. The program
 * answers 1 where a rule covers all of what is wanted, and 0 where none does.
 */
final class DeviceFilter {
  // struct bpf_cgroup_dev_ctx
  private static final int ACCESS_AND_TYPE = 0;
  private static final int MAJOR = 4;
  private static final int MINOR = 8;

  private static final int BLOCK = 1;
  private static final int CHARACTER = 2;
  private static final int MAKE = 1;
  private static final int READ = 2;
  private static final int WRITE = 4;
  private static final int ALL = MAKE | READ | WRITE;

  private static final int RESULT = 0;

  /** Of the context, until all is loaded; then of what a rule leaves of the wanted access. */
  private static final int CONTEXT = 1;

  private static final int TYPE = 2;
  private static final int WANTED = 3;
  private static final int MAJOR_NUMBER = 4;
  private static final int MINOR_NUMBER = 5;

  private DeviceFilter() {}

  static List<Instruction> compile(List<DeviceRule> rules) {
    List<Instruction> program = new ArrayList<>();
    program.add(Instruction.load(TYPE, CONTEXT, ACCESS_AND_TYPE));
    program.add(Instruction.copy(WANTED, TYPE));
    program.add(Instruction.and(TYPE, 0xffff));
    program.add(Instruction.shiftRight(WANTED, 16));
    program.add(Instruction.load(MAJOR_NUMBER, CONTEXT, MAJOR));
    program.add(Instruction.load(MINOR_NUMBER, CONTEXT, MINOR));
    rules.forEach(rule -> program.addAll(compile(rule)));
    program.addAll(answer(0));
    return program;
  }

  /** Falls through to the next rule where this one says nothing. */
  private static List<Instruction> compile(DeviceRule rule) {
    int access = access(rule.access());
    int length =
        4 + (access == ALL ? 0 : 3) + (rule.minor().isPresent() ? 1 : 0); // with the answer
    List<Instruction> program = new ArrayList<>();
    int type = rule.type() == FileType.BLOCK_DEVICE ? BLOCK : CHARACTER;
    program.add(Instruction.skipUnlessEqual(TYPE, type, length - 1));
    program.add(Instruction.skipUnlessEqual(MAJOR_NUMBER, rule.major(), length - 2));
    if (rule.minor().isPresent()) {
      int minor = rule.minor().getAsInt();
      program.add(Instruction.skipUnlessEqual(MINOR_NUMBER, minor, length - 3));
    }
    if (access != ALL) {
      program.add(Instruction.copy(CONTEXT, WANTED));
      program.add(Instruction.and(CONTEXT, access));
      program.add(Instruction.skipUnlessSame(CONTEXT, WANTED, 2));
    }
    program.addAll(answer(1));
    return program;
  }

  private static List<Instruction> answer(int value) {
    return List.of(Instruction.move(RESULT, value), Instruction.exit());
  }

  private static int access(String letters) {
    return (letters.contains("m") ? MAKE : 0)
        | (letters.contains("r") ? READ : 0)
        | (letters.contains("w") ? WRITE : 0);
  }
}
