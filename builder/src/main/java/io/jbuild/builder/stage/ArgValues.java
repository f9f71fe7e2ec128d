package io.jbuild.builder.stage;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where an ARG gets its value: from the command line, else from its own default, else from the
 * global scope (the ARGs before the first FROM, and those that every build has).
 */
public record ArgValues(SortedMap<String, String> fromCaller, SortedMap<String, String> global) {
  /** Predefined names that reach RUN without a declaration, and neither key nor history. */
  private static final List<String> PROXIES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

  public ArgValues {
    fromCaller = Collections.unmodifiableSortedMap(new TreeMap<>(fromCaller));
    global = Collections.unmodifiableSortedMap(new TreeMap<>(global));
  }

  /** The caller's value. */
  public Optional<String> given(String name) {
    return Optional.ofNullable(fromCaller.get(name));
  }

  /** The value of the global scope. */
  public Optional<String> inherited(String name) {
    return Optional.ofNullable(global.get(name));
  }

  /** The proxy variables that the caller gave, for the environment of RUN: in both spellings. */
  public SortedMap<String, String> proxies() {
    TreeMap<String, String> found = new TreeMap<>();
    for (Map.Entry<String, String> entry : fromCaller.entrySet()) {
      if (isProxy(entry.getKey())) {
        found.put(lower(entry.getKey()), entry.getValue());
        found.put(entry.getKey().toUpperCase(Locale.ROOT), entry.getValue());
      }
    }
    return found;
  }

  /** Whether a name is one of the predefined proxy variables, in upper or lower case. */
  public static boolean isProxy(String name) {
    return PROXIES.stream().anyMatch(proxy -> proxy.equals(name) || lower(proxy).equals(name));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
