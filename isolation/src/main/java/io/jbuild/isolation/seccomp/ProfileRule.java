package io.jbuild.isolation.seccomp;

import io.jbuild.linux.spawn.Capability;
import java.util.List;
import java.util.Set;

/**
 * One rule of a profile, of those whose architecture and kernel are this machine's.
 *
 * @param action what the kernel is told to do, with its errno
 * @param comparisons all have to hold; empty for every call of these names
 * @param needed capabilities without which the rule is not there
 * @param excluding capabilities with any of which it is not there
 */
record ProfileRule(
    List<String> names,
    int action,
    List<Comparison> comparisons,
    Set<Capability> needed,
    Set<Capability> excluding) {
  ProfileRule {
    names = List.copyOf(names);
    comparisons = List.copyOf(comparisons);
    needed = Set.copyOf(needed);
    excluding = Set.copyOf(excluding);
  }

  boolean applies(Set<Capability> capabilities) {
    return capabilities.containsAll(needed) && excluding.stream().noneMatch(capabilities::contains);
  }

  /** What is decided about each of its calls; equal for calls that are treated alike. */
  ProfileRule nameless() {
    return new ProfileRule(List.of(), action, comparisons, Set.of(), Set.of());
  }

  /** Several conditions on one argument are alternatives, as runc has it; on several, all hold. */
  List<List<Comparison>> alternatives() {
    long arguments = comparisons.stream().map(Comparison::index).distinct().count();
    return arguments == comparisons.size()
        ? List.of(comparisons)
        : comparisons.stream().map(List::of).toList();
  }
}
