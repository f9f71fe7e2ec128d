package io.jbuild.linux.bpf;

import java.nio.ByteBuffer;

/**
 * One instruction of eBPF: {@code struct bpf_insn}. Registers are numbers; the context is in
 * register 1 at the start, the result in register 0 at the end.
 *
 * @param offset of a jump, counted from the next instruction, or of a load, in bytes
 */
public record Instruction(int code, int target, int source, int offset, int value) {
  static final int BYTES = 8;

  private static final int LOAD_WORD = 0x61;
  private static final int MOVE = 0xb7;
  private static final int MOVE_REGISTER = 0xbf;
  private static final int AND_WORD = 0x54;
  private static final int SHIFT_RIGHT_WORD = 0x74;
  private static final int JUMP_IF_NOT_EQUAL = 0x56;
  private static final int JUMP_IF_REGISTERS_DIFFER = 0x5e;
  private static final int EXIT = 0x95;

  /** {@code target = 32 bits at source + offset}. */
  public static Instruction load(int target, int source, int offset) {
    return new Instruction(LOAD_WORD, target, source, offset, 0);
  }

  public static Instruction move(int target, int value) {
    return new Instruction(MOVE, target, 0, 0, value);
  }

  public static Instruction copy(int target, int source) {
    return new Instruction(MOVE_REGISTER, target, source, 0, 0);
  }

  /** 32 bits wide, as the two next. */
  public static Instruction and(int target, int value) {
    return new Instruction(AND_WORD, target, 0, 0, value);
  }

  public static Instruction shiftRight(int target, int bits) {
    return new Instruction(SHIFT_RIGHT_WORD, target, 0, 0, bits);
  }

  public static Instruction skipUnlessEqual(int register, int value, int skipped) {
    return new Instruction(JUMP_IF_NOT_EQUAL, register, 0, skipped, value);
  }

  public static Instruction skipUnlessSame(int register, int other, int skipped) {
    return new Instruction(JUMP_IF_REGISTERS_DIFFER, register, other, skipped, 0);
  }

  public static Instruction exit() {
    return new Instruction(EXIT, 0, 0, 0, 0);
  }

  void put(ByteBuffer out) {
    boolean little = out.order() == java.nio.ByteOrder.LITTLE_ENDIAN;
    int registers = little ? source << 4 | target : target << 4 | source;
    out.put((byte) code).put((byte) registers).putShort((short) offset).putInt(value);
  }
}
