package io.jbuild.isolation.seccomp;

import io.jbuild.linux.spawn.Capability;
import io.jbuild.oci.Digest;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A profile of system calls as Docker and Podman take it, in JSON.
 *
 * <p>A rule without conditions on arguments decides a call alone; otherwise the first rule whose
 * conditions hold does, and after them the default. Names of calls that this table does not know
 * are passed over, as are rules whose capabilities, architectures or kernel are not there. x32 does
 * not exist, whatever a profile says, and no call can be handed to a supervisor.
 */
public final class CallProfile {
  private final Digest digest;
  private final int defaultAction;
  private final boolean thirtyTwoBit;
  private final List<ProfileRule> rules;

  private CallProfile(
      Digest digest, int defaultAction, boolean thirtyTwoBit, List<ProfileRule> rules) {
    this.digest = digest;
    this.defaultAction = defaultAction;
    this.thirtyTwoBit = thirtyTwoBit;
    this.rules = List.copyOf(rules);
  }

  /**
   * @throws MalformedException also for actions and operators that are not known
   */
  public static CallProfile parse(byte[] json) throws MalformedException {
    return parse(json, Abi.host());
  }

  static CallProfile parse(byte[] json, Abi host) throws MalformedException {
    JsonObject profile = Json.readObject(json);
    profile.refuseLookalikes(
        List.of("defaultAction", "defaultErrnoRet", "architectures", "archMap", "syscalls"));
    ProfileReader reader = new ProfileReader(host);
    return new CallProfile(
        Digest.sha256(json),
        reader.action(profile.string("defaultAction"), profile.optionalInteger("defaultErrnoRet")),
        reader.servesNarrow(profile),
        profile.list("syscalls", rule -> reader.rule(rule.asObject())));
  }

  /** Of the text that it was read from. */
  public Digest digest() {
    return digest;
  }

  /** The filter for the machine that this runs on, as struct sock_filter. */
  public byte[] compile(Set<Capability> capabilities) {
    return program(Abi.host(), capabilities).bytes();
  }

  FilterProgram program(Abi host, Set<Capability> capabilities) {
    List<ProfileRule> there = rules.stream().filter(rule -> rule.applies(capabilities)).toList();
    return CallFilter.program(
        host, thirtyTwoBit, abi -> NumberSearch.of(byNumber(abi, there), List.of(), this::decide));
  }

  private static SortedMap<Integer, List<ProfileRule>> byNumber(Abi abi, List<ProfileRule> rules) {
    Map<String, Integer> numbers = CallTable.numbers(abi);
    SortedMap<Integer, List<ProfileRule>> calls = new TreeMap<>();
    for (ProfileRule rule : rules) {
      for (String name : rule.names()) {
        Integer number = numbers.get(name);
        if (number != null) {
          calls.computeIfAbsent(number, unused -> new ArrayList<>()).add(rule.nameless());
        }
      }
    }
    return calls;
  }

  private FilterProgram decide(List<ProfileRule> ofOneCall) {
    for (ProfileRule rule : ofOneCall) {
      if (rule.comparisons().isEmpty()) {
        return FilterProgram.returning(rule.action());
      }
    }
    FilterProgram program = FilterProgram.empty();
    for (ProfileRule rule : ofOneCall) {
      for (List<Comparison> together : rule.alternatives()) {
        program.then(FilterProgram.returningIf(together, rule.action()));
      }
    }
    return program.then(FilterProgram.returning(defaultAction));
  }
}
