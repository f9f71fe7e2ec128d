package io.jbuild.builder.instruction;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.SourceRange;
import java.util.ArrayList;
import java.util.List;

/**
 * A pair of {@code ENV} or {@code LABEL}.
 *
 * @param legacy written {@code key value}, without {@code =}
 */
public record KeyValue(String key, String value, boolean legacy, SourceRange range) {

  static List<KeyValue> expandAll(List<KeyValue> pairs, Expander expander)
      throws BuildfileException {
    List<KeyValue> out = new ArrayList<>();
    for (KeyValue pair : pairs) {
      String key = expander.word(pair.key);
      if (key.isEmpty()) {
        throw expander
            .origin()
            .error("names can not be blank: " + pair.key + " stands for nothing", pair.range)
            .at(pair.key);
      }
      out.add(new KeyValue(key, expander.word(pair.value), pair.legacy, pair.range));
    }
    return out;
  }
}
