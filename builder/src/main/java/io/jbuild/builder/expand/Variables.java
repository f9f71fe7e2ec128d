package io.jbuild.builder.expand;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks variables up and notes the names. */
record Variables(Map<String, String> values, Set<String> used, Set<String> undefined) {
  Optional<String> get(String name) {
    String value = values.get(name);
    (value == null ? undefined : used).add(name);
    return Optional.ofNullable(value);
  }
}
