package io.jbuild.isolation.seccomp;

import static io.jbuild.isolation.seccomp.FilterProgram.KILL_PROCESS;
import static io.jbuild.isolation.seccomp.FilterProgram.ifAtLeast;
import static io.jbuild.isolation.seccomp.FilterProgram.ifEqual;
import static io.jbuild.isolation.seccomp.FilterProgram.loading;
import static io.jbuild.isolation.seccomp.FilterProgram.returning;

import io.jbuild.linux.spawn.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compiles the filter: first the ABI, then the call's number by binary search over ranges that
 * share a rule.
 *
 * <p>Calls by another ABI than the machine's own are no way around it. x32, which shares x86_64's
 * ABI number and has bit 30 set in the call's, does not exist: ENOSYS. i386 is served where the
 * image needs it, by the same table with its own numbers, and ends the process where not; its
 * socketcall hides the address family in memory, so that families cannot be refused there.
 */
public final class CallFilter {
  private static final int NUMBER = 0;
  private static final int ABI = 4;
  private static final int X32 = 0x40000000;

  /** A process asks for one or two different filters, once per step. */
  private static final Map<Question, byte[]> COMPILED = new ConcurrentHashMap<>();

  private record Question(Set<Capability> capabilities, boolean thirtyTwoBit) {}

  private CallFilter() {}

  /** A stretch of call numbers, up to the next range's first, that share a rule. */
  private record Range(int first, Rule rule) {}

  /**
   * The filter for the machine that this runs on, as struct sock_filter.
   *
   * @param capabilities of the sandbox; some calls are allowed to their holders only
   * @param thirtyTwoBit whether i386 programs may run on x86_64
   */
  public static byte[] compile(Set<Capability> capabilities, boolean thirtyTwoBit) {
    Question question = new Question(Set.copyOf(capabilities), thirtyTwoBit);
    return COMPILED.computeIfAbsent(question, CallFilter::answer).clone();
  }

  private static byte[] answer(Question question) {
    boolean x86 = System.getProperty("os.arch", "").matches("amd64|x86_64");
    Abi host = x86 ? Abi.X86_64 : Abi.AARCH64;
    return program(host, question.capabilities(), question.thirtyTwoBit()).bytes();
  }

  static FilterProgram program(Abi host, Set<Capability> capabilities, boolean thirtyTwoBit) {
    FilterProgram foreign = returning(KILL_PROCESS);
    if (host == Abi.X86_64 && thirtyTwoBit) {
      foreign = ifEqual(Abi.I386.audit(), calls(Abi.I386, capabilities), foreign);
    }
    return loading(ABI).then(ifEqual(host.audit(), calls(host, capabilities), foreign));
  }

  private static FilterProgram calls(Abi abi, Set<Capability> capabilities) {
    List<Range> ranges = ranges(CallTable.rules(abi, capabilities));
    FilterProgram search = search(ranges);
    if (abi == Abi.X86_64) {
      search = ifAtLeast(X32, ArgumentRules.of(Rule.ABSENT), search);
    }
    return loading(NUMBER).then(search);
  }

  private static List<Range> ranges(SortedMap<Integer, Rule> rules) {
    List<Range> ranges = new ArrayList<>();
    int next = 0;
    for (var entry : rules.entrySet()) {
      if (entry.getKey() > next) {
        add(ranges, new Range(next, Rule.ABSENT));
      }
      add(ranges, new Range(entry.getKey(), entry.getValue()));
      next = entry.getKey() + 1;
    }
    add(ranges, new Range(next, Rule.ABSENT));
    return ranges;
  }

  private static void add(List<Range> ranges, Range range) {
    if (ranges.isEmpty() || ranges.get(ranges.size() - 1).rule() != range.rule()) {
      ranges.add(range);
    }
  }

  private static FilterProgram search(List<Range> ranges) {
    if (ranges.size() == 1) {
      return ArgumentRules.of(ranges.get(0).rule());
    }
    int middle = ranges.size() / 2;
    FilterProgram low = search(ranges.subList(0, middle));
    FilterProgram high = search(ranges.subList(middle, ranges.size()));
    return ifAtLeast(ranges.get(middle).first(), high, low);
  }
}
