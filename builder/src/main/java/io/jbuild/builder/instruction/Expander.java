package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An expansion whose errors name the instruction. */
record Expander(Expansion expansion, Origin origin) {

  String word(String word) throws BuildfileException {
    try {
      return expansion.word(word);
    } catch (ExpansionException e) {
      throw origin.error(e);
    }
  }

  List<String> words(String word) throws BuildfileException {
    try {
      return expansion.words(word);
    } catch (ExpansionException e) {
      throw origin.error(e);
    }
  }

  String content(String text) throws BuildfileException {
    try {
      return expansion.content(text);
    } catch (ExpansionException e) {
      throw origin.error(e);
    }
  }

  List<String> each(List<String> words) throws BuildfileException {
    List<String> out = new ArrayList<>();
    for (String word : words) {
      out.add(word(word));
    }
    return out;
  }

  Optional<String> optional(Optional<String> word) throws BuildfileException {
    return word.isPresent() ? Optional.of(word(word.get())) : word;
  }
}
