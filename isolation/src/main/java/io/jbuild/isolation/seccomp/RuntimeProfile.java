package io.jbuild.isolation.seccomp;

import io.jbuild.linux.Errno;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The same table as the {@code linux.seccomp} object of an OCI runtime specification, which a
 * runtime compiles with libseccomp.
 *
 * <p>libseccomp cannot say "unless": where a rule allows some values of an argument and refuses the
 * rest, both sides are spelled out as disjoint masks, each of which is one condition. Only the low
 * half of an argument is looked at, since the kernel reads no more.
 */
public final class RuntimeProfile {
  private static final String ALLOW = "SCMP_ACT_ALLOW";
  private static final String ERRNO = "SCMP_ACT_ERRNO";

  private RuntimeProfile() {}

  /**
   * The profile for the machine that this runs on.
   *
   * @param capabilities of the sandbox; some calls are allowed to their holders only
   * @param thirtyTwoBit whether programs of 32 bits may run
   */
  public static JsonObject of(Set<Capability> capabilities, boolean thirtyTwoBit) {
    return of(Abi.host(), capabilities, thirtyTwoBit);
  }

  static JsonObject of(Abi host, Set<Capability> capabilities, boolean thirtyTwoBit) {
    List<String> architectures = new ArrayList<>();
    architectures.add(host == Abi.X86_64 ? "SCMP_ARCH_X86_64" : "SCMP_ARCH_AARCH64");
    Map<String, Rule> rules = new TreeMap<>(CallTable.byName(host, capabilities));
    if (thirtyTwoBit) {
      architectures.add(host == Abi.X86_64 ? "SCMP_ARCH_X86" : "SCMP_ARCH_ARM");
      CallTable.byName(host.narrow(), capabilities).forEach(rules::putIfAbsent);
    }
    return JsonObject.builder()
        .put("defaultAction", ERRNO)
        .put("defaultErrnoRet", Errno.ENOSYS.number())
        .putStrings("architectures", architectures)
        .put("syscalls", new JsonArray(entries(rules)))
        .build();
  }

  private static List<JsonValue> entries(Map<String, Rule> rules) {
    Map<Rule, List<String>> names = new EnumMap<>(Rule.class);
    rules.forEach((name, rule) -> names.computeIfAbsent(rule, r -> new ArrayList<>()).add(name));
    List<JsonValue> entries = new ArrayList<>();
    names.forEach((rule, calls) -> add(entries, rule, calls));
    return entries;
  }

  private static void add(List<JsonValue> entries, Rule rule, List<String> calls) {
    switch (rule) {
      case ALLOW -> entries.add(entry(calls, ALLOW, List.of()));
      case DENY -> entries.add(entry(calls, ERRNO, List.of()));
      case ABSENT -> {} // the default
      case CLONE -> {
        entries.add(entry(calls, ALLOW, condition(ArgumentRules.NAMESPACES, 0)));
        for (int bit = Integer.lowestOneBit(ArgumentRules.NAMESPACES); bit != 0; bit <<= 1) {
          if ((ArgumentRules.NAMESPACES & bit) != 0) {
            entries.add(entry(calls, ERRNO, condition(bit, bit)));
          }
        }
      }
      case SOCKET, SOCKET_NO_AUDIT ->
          split(entries, calls, ArgumentRules.ALLOWED_FAMILIES, ALLOW, ERRNO);
      case PERSONALITY -> split(entries, calls, ArgumentRules.PERSONALITIES, ALLOW, ERRNO);
    }
  }

  /** One action for these values of the first argument, another for all others. */
  private static void split(
      List<JsonValue> entries, List<String> calls, List<Integer> values, String of, String others) {
    values.forEach(value -> entries.add(entry(calls, of, condition(-1, value))));
    for (Masks.Mask mask : Masks.others(values)) {
      entries.add(entry(calls, others, condition(mask.bits(), mask.value())));
    }
  }

  private static List<JsonValue> condition(int mask, int value) {
    return List.of(
        JsonObject.builder()
            .put("index", 0)
            .put("value", Integer.toUnsignedLong(mask))
            .put("valueTwo", Integer.toUnsignedLong(value))
            .put("op", "SCMP_CMP_MASKED_EQ")
            .build());
  }

  private static JsonObject entry(List<String> calls, String action, List<JsonValue> conditions) {
    JsonObject.Builder entry =
        JsonObject.builder().putStrings("names", calls).put("action", action);
    if (action.equals(ERRNO)) {
      entry.put("errnoRet", Errno.EPERM.number());
    }
    if (!conditions.isEmpty()) {
      entry.put("args", new JsonArray(conditions));
    }
    return entry.build();
  }
}
