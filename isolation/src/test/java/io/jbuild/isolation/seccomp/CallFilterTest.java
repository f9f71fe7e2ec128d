package io.jbuild.isolation.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.spawn.Capability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the filter program of each architecture in an interpreter of the kernel's instructions. */
class CallFilterTest {
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;
  private static final int ENOSYS = 0x00050026;
  private static final int KILL = 0x80000000;
  private static final Set<Capability> NONE = EnumSet.noneOf(Capability.class);

  static int run(byte[] program, int abi, int number, long... arguments) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
    data.putInt(0, number).putInt(4, abi);
    for (int i = 0; i < arguments.length; i++) {
      data.putLong(16 + 8 * i, arguments[i]);
    }
    ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
    int accumulator = 0;
    for (int at = 0; ; at++) {
      int value = code.getInt(8 * at + 4);
      int ifTrue = code.get(8 * at + 2) & 0xff;
      int ifFalse = code.get(8 * at + 3) & 0xff;
      switch (code.getShort(8 * at)) {
        case 0x20 -> accumulator = data.getInt(value);
        case 0x54 -> accumulator &= value;
        case 0x05 -> at += value;
        case 0x15 -> at += accumulator == value ? ifTrue : ifFalse;
        case 0x25 -> at += Integer.compareUnsigned(accumulator, value) > 0 ? ifTrue : ifFalse;
        case 0x35 -> at += Integer.compareUnsigned(accumulator, value) >= 0 ? ifTrue : ifFalse;
        case 0x06 -> {
          return value;
        }
        default -> throw new AssertionError("instruction " + code.getShort(8 * at));
      }
    }
  }

  private static int run(Abi abi, int number, long argument) {
    return run(CallFilter.program(abi, NONE, false).bytes(), abi.audit(), number, argument);
  }

  @ParameterizedTest
  @EnumSource
  void program_everyNumber_isDecidedAsTheTableSays(Abi abi) {
    boolean x86 = abi == Abi.X86_64 || abi == Abi.I386;
    byte[] program = CallFilter.program(x86 ? Abi.X86_64 : Abi.AARCH64, NONE, true).bytes();
    SortedMap<Integer, Rule> rules = CallTable.rules(abi, NONE);
    Map<Rule, Integer> results =
        Map.of(
            Rule.ALLOW,
            ALLOW,
            Rule.DENY,
            EPERM,
            Rule.ABSENT,
            ENOSYS,
            Rule.CLONE,
            ALLOW,
            Rule.SOCKET_NO_AUDIT,
            ALLOW,
            Rule.PERSONALITY,
            ALLOW);
    for (int number = 0; number < 1200; number++) {
      Rule rule = rules.getOrDefault(number, Rule.ABSENT);
      assertEquals(results.get(rule), run(program, abi.audit(), number, 0), abi + " " + number);
    }
    for (int number = 0xf0000; number < 0xf0010; number++) {
      Rule rule = rules.getOrDefault(number, Rule.ABSENT); // ARM's own calls
      assertEquals(results.get(rule), run(program, abi.audit(), number, 0), abi + " " + number);
    }
    assertEquals(ENOSYS, run(program, abi.audit(), -1, 0));
    assertTrue(rules.size() > 300, "calls known: " + rules.size());
  }

  @ParameterizedTest
  @CsvSource({
    "X86_64, 56, 0x01200011, true",
    "X86_64, 56, 0x003d0f00, true",
    "X86_64, 56, 0x10000011, false",
    "X86_64, 56, 0x00020011, false",
    "AARCH64, 220, 0x40000011, false",
    "AARCH64, 220, 0x003d0f00, true",
    "X86_64, 41, 2, true",
    "X86_64, 41, 38, false",
    "X86_64, 41, 40, false",
    "X86_64, 41, 0x100000026, false",
    "AARCH64, 198, 38, false",
    "AARCH64, 198, 16, true",
    "X86_64, 135, 0xffffffff, true",
    "X86_64, 135, 0x20008, true",
    "X86_64, 135, 0x40000, false"
  })
  void program_arguments_decide(Abi abi, int number, String argument, boolean allowed) {
    assertEquals(allowed ? ALLOW : EPERM, run(abi, number, Long.decode(argument)));
  }

  /** What newer kernels have, and a kernel without audit, look as if they were not there. */
  @Test
  void program_socketsThatAreUnknown_areNotThere() {
    Set<Capability> audit = EnumSet.of(Capability.AUDIT_WRITE);
    byte[] without = CallFilter.program(Abi.X86_64, NONE, false).bytes();
    byte[] with = CallFilter.program(Abi.X86_64, audit, false).bytes();
    int x86 = Abi.X86_64.audit();
    assertEquals(0x00050061, run(without, x86, 41, 46));
    assertEquals(ALLOW, run(without, x86, 41, 45));
    assertEquals(0x00050016, run(without, x86, 41, 16, 3, 9));
    assertEquals(ALLOW, run(without, x86, 41, 16, 3, 0));
    assertEquals(ALLOW, run(with, x86, 41, 16, 3, 9));
  }

  @Test
  void program_otherAbis_areNoWayAround() {
    assertEquals(ENOSYS, run(Abi.X86_64, 0x40000000 + 59, 0));
    byte[] strict = CallFilter.program(Abi.X86_64, NONE, false).bytes();
    byte[] both = CallFilter.program(Abi.X86_64, NONE, true).bytes();
    assertEquals(KILL, run(strict, Abi.I386.audit(), 20, 0));
    assertEquals(ALLOW, run(both, Abi.I386.audit(), 20, 0));
    assertEquals(EPERM, run(both, Abi.I386.audit(), 21, 0));
    assertEquals(KILL, run(both, Abi.AARCH64.audit(), 63, 0));
    assertEquals(KILL, run(both, 0, 0, 0));
    assertEquals(KILL, run(both, Abi.ARM.audit(), 20, 0));
    byte[] arms = CallFilter.program(Abi.AARCH64, NONE, true).bytes();
    assertEquals(ALLOW, run(arms, Abi.ARM.audit(), 20, 0));
    assertEquals(EPERM, run(arms, Abi.ARM.audit(), 21, 0));
    assertEquals(KILL, run(arms, Abi.I386.audit(), 20, 0));
  }

  @Test
  void program_capability_opensItsCalls() {
    Set<Capability> admin = EnumSet.of(Capability.SYS_ADMIN);
    byte[] program = CallFilter.program(Abi.X86_64, admin, false).bytes();
    assertEquals(ALLOW, run(program, Abi.X86_64.audit(), 165, 0));
    assertEquals(ALLOW, run(program, Abi.X86_64.audit(), 435, 0));
    assertEquals(EPERM, run(program, Abi.X86_64.audit(), 246, 0));
    assertEquals(ENOSYS, run(Abi.X86_64, 435, 0));
  }

  @Test
  void program_size_isWithinTheKernels() {
    int size = CallFilter.program(Abi.X86_64, NONE, true).size();
    assertTrue(size < 1000, "instructions: " + size);
  }
}
