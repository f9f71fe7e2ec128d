package io.jbuild.builder.context;

import io.jbuild.builder.match.IgnoreRules;
import java.util.List;
import java.util.Optional;

/**
 * Which ignore file holds for a context.
 *
 * @param file as messages name it; empty where there is none
 * @param absent the names that come before it and are not there
 * @param silent other ignore files that are there and have no say
 */
public record IgnoreChoice(
    Optional<String> file, List<String> absent, List<String> silent, IgnoreRules rules) {
  public IgnoreChoice {
    absent = List.copyOf(absent);
    silent = List.copyOf(silent);
  }
}
