package io.jbuild.builder.instruction;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads UNSET: a kind of setting, and names where there may be several. */
final class UnsetReader {
  private static final Map<String, String> NOT_POSSIBLE =
      Map.of(
          "ARG", "an ARG is no setting of the image; INCLUDE gives ARGs an end",
          "ONBUILD", "the triggers of a base have run when its FROM is done");

  private final Origin origin;
  private final List<String> words;

  UnsetReader(Origin origin, List<String> words) {
    this.origin = origin;
    this.words = words;
  }

  Unset read() throws BuildfileException {
    List<String> kinds = Arrays.stream(Unset.Kind.values()).map(Unset.Kind::name).toList();
    if (words.isEmpty()) {
      throw origin.error("UNSET requires what to take away", "one of " + String.join(", ", kinds));
    }
    String word = words.get(0);
    Optional<Unset.Kind> kind = Unset.Kind.find(word);
    if (kind.isEmpty()) {
      String hint = NOT_POSSIBLE.get(word.toUpperCase(java.util.Locale.ROOT));
      throw origin
          .error(
              "UNSET " + word + " is not possible",
              hint != null
                  ? hint
                  : Suggestion.hint(word, kinds)
                      .orElse("it takes one of " + String.join(", ", kinds)))
          .at(word);
    }
    List<String> names = words.subList(1, words.size());
    check(kind.get(), names);
    return new Unset(origin, kind.get(), names);
  }

  private void check(Unset.Kind kind, List<String> names) throws BuildfileException {
    if (kind.isNamed() && names.isEmpty()) {
      throw origin.error(
          "UNSET " + kind + " requires at least one name", "UNSET " + kind + " * means all");
    }
    if (!kind.isNamed() && !names.isEmpty()) {
      throw origin.error("UNSET " + kind + " takes no names: there is only one").at(names.get(0));
    }
    if (names.size() > 1 && names.contains(Unset.ALL)) {
      throw origin.error("UNSET " + kind + " * is all of them, and takes no other names");
    }
    for (String name : names) {
      if (kind == Unset.Kind.ENV && name.contains("=")) {
        throw origin.error("UNSET ENV takes names without values: " + name).at(name);
      }
    }
  }
}
