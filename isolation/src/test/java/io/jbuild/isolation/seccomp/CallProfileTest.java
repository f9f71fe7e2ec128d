package io.jbuild.isolation.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.spawn.Capability;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallProfileTest {
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;
  private static final int KILL = 0x80000000;
  private static final Set<Capability> NONE = EnumSet.noneOf(Capability.class);

  private static byte[] program(String json, Set<Capability> capabilities) throws IOException {
    byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return CallProfile.parse(text, Abi.X86_64).program(Abi.X86_64, capabilities).bytes();
  }

  private static byte[] withRules(String rules) throws IOException {
    return program("{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [" + rules + "]}", NONE);
  }

  private static int run(byte[] program, int number, long... arguments) {
    return CallFilterTest.run(program, Abi.X86_64.audit(), number, arguments);
  }

  @Test
  void program_names_areAllowedAndTheRestIsNot() throws Exception {
    byte[] program =
        withRules("{'names': ['read', 'close', 'of_the_future'], 'action': 'SCMP_ACT_ALLOW'}");
    assertEquals(ALLOW, run(program, 0));
    assertEquals(EPERM, run(program, 1));
    assertEquals(ALLOW, run(program, 3));
    assertEquals(EPERM, run(program, 5000));
    assertEquals(0x00050026, run(program, 0x40000000));
    assertEquals(KILL, CallFilterTest.run(program, Abi.I386.audit(), 3));
  }

  /** At the borders of the halves of 64 bits. */
  @ParameterizedTest
  @CsvSource({
    "EQ, 0x100000005, 0x100000005, true",
    "EQ, 0x100000005, 0x000000005, false",
    "EQ, 0x100000005, 0x100000004, false",
    "NE, 0x100000005, 0x100000005, false",
    "NE, 0x100000005, 0x200000005, true",
    "NE, 0x100000005, 0x100000006, true",
    "GT, 0x100000005, 0x100000005, false",
    "GT, 0x100000005, 0x100000006, true",
    "GT, 0x100000005, 0x200000000, true",
    "GT, 0x100000005, 0x0ffffffff, false",
    "GE, 0x100000005, 0x100000005, true",
    "GE, 0x100000005, 0x100000004, false",
    "GE, 0x100000005, 0x200000000, true",
    "GE, 0x100000005, 0x0ffffffff, false",
    "LT, 0x100000005, 0x100000005, false",
    "LT, 0x100000005, 0x100000004, true",
    "LT, 0x100000005, 0x200000000, false",
    "LT, 0x100000005, 0x0ffffffff, true",
    "LE, 0x100000005, 0x100000005, true",
    "LE, 0x100000005, 0x100000006, false",
    "LE, 0x100000005, 0x0ffffffff, true",
    "LE, 0x100000005, 0x200000000, false",
    "GT, 5, 0x7fffffffffffffff, true",
    "MASKED_EQ, 0x7e020000, 0x00011, true",
    "MASKED_EQ, 0x7e020000, 0x10000011, false"
  })
  void program_comparison_holdsAsItsNameSays(
      String operator, String value, String argument, boolean holds) throws Exception {
    byte[] program =
        withRules(
            "{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 2, 'op': 'SCMP_CMP_"
                + operator
                + "', 'value': "
                + Long.decode(value)
                + "}]}");
    assertEquals(holds ? ALLOW : EPERM, run(program, 0, 7, 7, Long.decode(argument)));
  }

  @Test
  void program_severalConditions_areTogetherOrAlternatives() throws Exception {
    String rule = "{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'args': [%s, %s]}";
    String first = "{'index': 0, 'op': 'SCMP_CMP_EQ', 'value': 1}";
    byte[] together =
        withRules(rule.formatted(first, "{'index': 1, 'op': 'SCMP_CMP_EQ', 'value': 2}"));
    assertEquals(ALLOW, run(together, 0, 1, 2));
    assertEquals(EPERM, run(together, 0, 1, 3));
    assertEquals(EPERM, run(together, 0, 3, 2));
    byte[] alternatives =
        withRules(rule.formatted(first, "{'index': 0, 'op': 'SCMP_CMP_EQ', 'value': 2}"));
    assertEquals(ALLOW, run(alternatives, 0, 1));
    assertEquals(ALLOW, run(alternatives, 0, 2));
    assertEquals(EPERM, run(alternatives, 0, 3));
  }

  @Test
  void program_capabilitiesAndArchitectures_chooseTheRules() throws Exception {
    String json =
        "{'defaultAction': 'SCMP_ACT_KILL_PROCESS',"
            + " 'archMap': [{'architecture': 'SCMP_ARCH_X86_64',"
            + " 'subArchitectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_X32']}], 'syscalls': ["
            + "{'names': ['mount'], 'action': 'SCMP_ACT_ALLOW',"
            + " 'includes': {'caps': ['CAP_SYS_ADMIN']}},"
            + "{'names': ['mount'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 38,"
            + " 'excludes': {'caps': ['CAP_SYS_ADMIN']}},"
            + "{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'arches': ['arm64']}},"
            + "{'names': ['write'], 'action': 'SCMP_ACT_LOG', 'includes': {'minKernel': '4.8'}},"
            + "{'names': ['open'], 'action': 'SCMP_ACT_LOG', 'includes': {'minKernel': '99.0'}}]}";
    byte[] plain = program(json, NONE);
    assertEquals(0x00050026, run(plain, 165));
    assertEquals(ALLOW, run(program(json, EnumSet.of(Capability.SYS_ADMIN)), 165));
    assertEquals(KILL, run(plain, 0));
    assertEquals(0x7ffc0000, run(plain, 1));
    assertEquals(KILL, run(plain, 2));
    assertEquals(0x00050026, CallFilterTest.run(plain, Abi.I386.audit(), 21));
    assertEquals(0x00050026, run(plain, 0x40000000 + 165));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'syscalls': []} | \"defaultAction\" is missing",
        "{'defaultAction': 'SCMP_ACT_PRAY'} | \"SCMP_ACT_PRAY\" is not known",
        "{'defaultAction': 'SCMP_ACT_NOTIFY'} | needs a supervisor",
        "{'defaultaction': 'SCMP_ACT_ALLOW'} | another case",
        "{'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrnoRet': 5000} | errnoRet 5000",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'action': 'SCMP_ACT_ERRNO'}]} | no call",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['read'], 'action':"
            + " 'SCMP_ACT_ERRNO', 'args': [{'index': 6, 'op': 'SCMP_CMP_EQ'}]}]} | index",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['read'], 'action':"
            + " 'SCMP_ACT_ERRNO', 'args': [{'index': 0, 'op': 'SCMP_CMP_LIKE'}]}]} | SCMP_CMP_LIKE",
        "{'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['read'], 'action':"
            + " 'SCMP_ACT_ERRNO', 'includes': {'caps': ['CAP_FLY']}}]} | CAP_FLY",
        "[] | object"
      })
  void parse_whatIsNotKnown_isRefused(String json, String part) {
    MalformedException e = assertThrows(MalformedException.class, () -> program(json, NONE));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }

  /** Podman's own profile, where it is installed. */
  @Test
  void program_ofPodman_isTaken() throws Exception {
    Path file = Path.of("/usr/share/containers/seccomp.json");
    assumeTrue(Files.isReadable(file), "SKIPPED: no " + file);
    CallProfile profile = CallProfile.parse(Files.readAllBytes(file), Abi.X86_64);
    byte[] program = profile.program(Abi.X86_64, NONE).bytes();
    assertEquals(ALLOW, run(program, 0));
    assertEquals(EPERM, run(program, 246), "kexec_load");
    assertEquals(0x00050016, run(program, 41, 16, 3, 9), "the kernel's audit");
    assertEquals(ALLOW, run(program, 41, 2, 1, 0));
    assertEquals(ALLOW, CallFilterTest.run(program, Abi.I386.audit(), 20));
  }
}
