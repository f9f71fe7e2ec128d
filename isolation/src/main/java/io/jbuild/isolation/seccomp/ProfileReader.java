package io.jbuild.isolation.seccomp;

import io.jbuild.isolation.seccomp.Comparison.Operator;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the parts of a profile for one machine; what is not known is refused. */
final class ProfileReader {
  private static final int EPERM = 1;
  private static final int MAX_ERRNO = 4095;
  private static final int MAX_ARGUMENT = 5;
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

  /** A rule for another machine: it has no names. */
  private static final ProfileRule ELSEWHERE =
      new ProfileRule(List.of(), 0, List.of(), Set.of(), Set.of());

  private final Abi host;

  ProfileReader(Abi host) {
    this.host = host;
  }

  int action(String name, OptionalLong value) throws MalformedException {
    return switch (name) {
      case "SCMP_ACT_ALLOW" -> FilterProgram.ALLOW;
      case "SCMP_ACT_ERRNO" -> FilterProgram.ERRNO | number("errnoRet", value, EPERM, MAX_ERRNO);
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> FilterProgram.KILL_THREAD;
      case "SCMP_ACT_KILL_PROCESS" -> FilterProgram.KILL_PROCESS;
      case "SCMP_ACT_TRAP" -> FilterProgram.TRAP;
      case "SCMP_ACT_LOG" -> FilterProgram.LOG;
      case "SCMP_ACT_TRACE" -> FilterProgram.TRACE | number("errnoRet", value, EPERM, 0xffff);
      case "SCMP_ACT_NOTIFY" ->
          throw new MalformedException(
              "action SCMP_ACT_NOTIFY needs a supervisor, and there is none");
      default -> throw new MalformedException("action " + Printable.quote(name) + " is not known");
    };
  }

  private static int number(String field, OptionalLong value, int otherwise, int most)
      throws MalformedException {
    long number = value.orElse(otherwise);
    if (number < 0 || number > most) {
      throw new MalformedException(field + " " + number + " is not a number up to " + most);
    }
    return (int) number;
  }

  /** Whether programs of 32 bits are served: the profile names their architecture. */
  boolean servesNarrow(JsonObject profile) throws MalformedException {
    String narrow = architecture(host.narrow());
    if (profile.strings("architectures").contains(narrow)) {
      return true;
    }
    List<Boolean> serving =
        profile.list(
            "archMap",
            entry ->
                entry.asObject().string("architecture").equals(architecture(host))
                    && entry.asObject().strings("subArchitectures").contains(narrow));
    return serving.contains(true);
  }

  private static String architecture(Abi abi) {
    return switch (abi) {
      case X86_64 -> "SCMP_ARCH_X86_64";
      case AARCH64 -> "SCMP_ARCH_AARCH64";
      case I386 -> "SCMP_ARCH_X86";
      case ARM -> "SCMP_ARCH_ARM";
    };
  }

  ProfileRule rule(JsonObject rule) throws MalformedException {
    List<String> names = rule.optionalString("name").map(List::of).orElse(rule.strings("names"));
    if (names.isEmpty()) {
      throw new MalformedException("a rule names no call");
    }
    int action = action(rule.string("action"), rule.optionalInteger("errnoRet"));
    List<Comparison> comparisons = rule.list("args", each -> comparison(each.asObject()));
    JsonObject includes = rule.optionalObject("includes").orElse(JsonObject.EMPTY);
    JsonObject excludes = rule.optionalObject("excludes").orElse(JsonObject.EMPTY);
    Set<Capability> needed = capabilities(includes);
    Set<Capability> excluding = capabilities(excludes);
    boolean here =
        (includes.strings("arches").isEmpty() || names(includes).contains(goName()))
            && !names(excludes).contains(goName())
            && (minKernel(includes).isEmpty() || kernelIsAtLeast(minKernel(includes)))
            && (minKernel(excludes).isEmpty() || !kernelIsAtLeast(minKernel(excludes)));
    return here ? new ProfileRule(names, action, comparisons, needed, excluding) : ELSEWHERE;
  }

  private static List<String> names(JsonObject filter) throws MalformedException {
    return filter.strings("arches");
  }

  private String goName() {
    return host == Abi.X86_64 ? "amd64" : "arm64";
  }

  private static Set<Capability> capabilities(JsonObject filter) throws MalformedException {
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (String name : filter.strings("caps")) {
      capabilities.add(
          Capability.parse(name)
              .orElseThrow(
                  () ->
                      new MalformedException(
                          "capability " + Printable.quote(name) + " is not known")));
    }
    return capabilities;
  }

  private static String minKernel(JsonObject filter) throws MalformedException {
    return filter.stringOrEmpty("minKernel");
  }

  private static boolean kernelIsAtLeast(String wanted) throws MalformedException {
    Matcher asked = VERSION.matcher(wanted);
    if (!asked.matches()) {
      throw new MalformedException("minKernel " + Printable.quote(wanted) + " is not N.N");
    }
    Matcher here = VERSION.matcher(release());
    return !here.lookingAt() || compare(here, asked) >= 0;
  }

  private static int compare(Matcher here, Matcher asked) {
    int major = Integer.compare(part(here, 1), part(asked, 1));
    return major != 0 ? major : Integer.compare(part(here, 2), part(asked, 2));
  }

  private static int part(Matcher version, int group) {
    return Integer.parseInt(version.group(group));
  }

  private static String release() throws MalformedException {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/osrelease"));
    } catch (IOException e) {
      throw new MalformedException("minKernel: the kernel's release cannot be read");
    }
  }

  private static Comparison comparison(JsonObject argument) throws MalformedException {
    int index = number("index", argument.optionalInteger("index"), 0, MAX_ARGUMENT);
    return new Comparison(
        index,
        operator(argument.string("op")),
        argument.optionalInteger("value").orElse(0),
        argument.optionalInteger("valueTwo").orElse(0));
  }

  private static Operator operator(String name) throws MalformedException {
    return switch (name) {
      case "SCMP_CMP_EQ" -> Operator.EQUAL;
      case "SCMP_CMP_NE" -> Operator.NOT_EQUAL;
      case "SCMP_CMP_GT" -> Operator.GREATER;
      case "SCMP_CMP_GE" -> Operator.GREATER_OR_EQUAL;
      case "SCMP_CMP_LT" -> Operator.LESS;
      case "SCMP_CMP_LE" -> Operator.LESS_OR_EQUAL;
      case "SCMP_CMP_MASKED_EQ" -> Operator.MASKED_EQUAL;
      default ->
          throw new MalformedException("operator " + Printable.quote(name) + " is not known");
    };
  }
}
