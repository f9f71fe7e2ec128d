package io.jbuild.isolation.seccomp;

import static io.jbuild.isolation.seccomp.FilterProgram.KILL_PROCESS;
import static io.jbuild.isolation.seccomp.FilterProgram.ifAtLeast;
import static io.jbuild.isolation.seccomp.FilterProgram.ifEqual;
import static io.jbuild.isolation.seccomp.FilterProgram.loading;
import static io.jbuild.isolation.seccomp.FilterProgram.returning;

import io.jbuild.linux.spawn.Capability;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Compiles the filter: first the ABI, then the call's number by binary search over ranges that
 * share a rule.
 *
 * <p>Calls by another ABI than the machine's own are no way around it. x32, which shares x86_64's
 * ABI number and has bit 30 set in the call's, does not exist: ENOSYS. i386, and 32-bit ARM on
 * aarch64, are served where the image needs them, by the same table with their own numbers, and end
 * the process where not; i386's socketcall hides the address family in memory, so that families
 * cannot be refused there.
 */
public final class CallFilter {
  private static final int NUMBER = 0;
  private static final int ABI = 4;
  private static final int X32 = 0x40000000;

  /** A process asks for one or two different filters, once per step. */
  private static final Map<Question, byte[]> COMPILED = new ConcurrentHashMap<>();

  private record Question(Set<Capability> capabilities, boolean thirtyTwoBit) {}

  private CallFilter() {}

  /**
   * The filter for the machine that this runs on, as struct sock_filter.
   *
   * @param capabilities of the sandbox; some calls are allowed to their holders only
   * @param thirtyTwoBit whether programs of 32 bits may run
   */
  public static byte[] compile(Set<Capability> capabilities, boolean thirtyTwoBit) {
    Question question = new Question(Set.copyOf(capabilities), thirtyTwoBit);
    return COMPILED.computeIfAbsent(question, CallFilter::answer).clone();
  }

  private static byte[] answer(Question question) {
    return program(Abi.host(), question.capabilities(), question.thirtyTwoBit()).bytes();
  }

  static FilterProgram program(Abi host, Set<Capability> capabilities, boolean thirtyTwoBit) {
    return program(
        host,
        thirtyTwoBit,
        abi -> NumberSearch.of(CallTable.rules(abi, capabilities), Rule.ABSENT, ArgumentRules::of));
  }

  /**
   * The frame of every filter: which ABIs there are.
   *
   * @param calls what is decided in each, with the call's number loaded
   */
  static FilterProgram program(Abi host, boolean thirtyTwoBit, Function<Abi, FilterProgram> calls) {
    FilterProgram foreign = returning(KILL_PROCESS);
    if (thirtyTwoBit) {
      Abi narrow = host.narrow();
      FilterProgram search = loading(NUMBER).then(calls.apply(narrow));
      foreign = ifEqual(narrow.audit(), search, foreign);
    }
    FilterProgram search = calls.apply(host);
    if (host == Abi.X86_64) {
      search = ifAtLeast(X32, ArgumentRules.of(Rule.ABSENT), search);
    }
    return loading(ABI).then(ifEqual(host.audit(), loading(NUMBER).then(search), foreign));
  }
}
