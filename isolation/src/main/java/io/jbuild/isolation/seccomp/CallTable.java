package io.jbuild.isolation.seccomp;

import io.jbuild.linux.spawn.Capability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.TreeMap;

/** The lines of {@code calls.txt}. */
final class CallTable {
  private static final int NAME = 0;
  private static final int NUMBERS = 1;
  private static final int RULE = 5;

  private CallTable() {}

  /** The rule of every known call by its number in an ABI, for holders of these capabilities. */
  static SortedMap<Integer, Rule> rules(Abi abi, Set<Capability> capabilities) {
    SortedMap<Integer, Rule> rules = new TreeMap<>();
    for (String line : lines()) {
      List<String> fields = fields(line);
      String number = fields.get(NUMBERS + column(abi));
      if (!number.equals("-")) {
        rules.put(Integer.valueOf(number), rule(fields.get(RULE), capabilities));
      }
    }
    return rules;
  }

  /** The rule of every call that an ABI has, by the call's name. */
  static SortedMap<String, Rule> byName(Abi abi, Set<Capability> capabilities) {
    SortedMap<String, Rule> rules = new TreeMap<>();
    for (String line : lines()) {
      List<String> fields = fields(line);
      if (!fields.get(NUMBERS + column(abi)).equals("-")) {
        rules.put(fields.get(NAME), rule(fields.get(RULE), capabilities));
      }
    }
    return rules;
  }

  /** The number of every known call by its name in an ABI. */
  static Map<String, Integer> numbers(Abi abi) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String line : lines()) {
      List<String> fields = fields(line);
      String number = fields.get(NUMBERS + column(abi));
      if (!number.equals("-")) {
        numbers.put(fields.get(NAME), Integer.valueOf(number));
      }
    }
    return numbers;
  }

  /** Without a regular expression, whose classes would cost more than all the rest at start-up. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line, " ");
    while (tokens.hasMoreTokens()) {
      fields.add(tokens.nextToken());
    }
    return fields;
  }

  private static int column(Abi abi) {
    return switch (abi) {
      case X86_64 -> 0;
      case AARCH64 -> 1;
      case I386 -> 2;
      case ARM -> 3;
    };
  }

  private static Rule rule(String text, Set<Capability> capabilities) {
    boolean admin = capabilities.contains(Capability.SYS_ADMIN);
    return switch (text) {
      case "allow" -> Rule.ALLOW;
      case "deny" -> Rule.DENY;
      case "clone" -> admin ? Rule.ALLOW : Rule.CLONE;
      // its flags lie in memory, which a filter cannot read; C libraries fall back to clone
      case "clone3" -> admin ? Rule.ALLOW : Rule.ABSENT;
      case "socket" ->
          capabilities.contains(Capability.AUDIT_WRITE) ? Rule.SOCKET : Rule.SOCKET_NO_AUDIT;
      case "personality" -> Rule.PERSONALITY;
      default -> holdsOne(text, capabilities) ? Rule.ALLOW : Rule.DENY;
    };
  }

  private static boolean holdsOne(String names, Set<Capability> capabilities) {
    for (String name : names.split("\\|", -1)) {
      Capability capability =
          Capability.parse(name)
              .orElseThrow(() -> new IllegalStateException("unknown rule in calls.txt: " + name));
      if (capabilities.contains(capability)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> lines() {
    try (InputStream in = CallTable.class.getResourceAsStream("calls.txt")) {
      if (in == null) {
        throw new IllegalStateException("missing resource calls.txt");
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      List<String> lines = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          lines.add(line);
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
