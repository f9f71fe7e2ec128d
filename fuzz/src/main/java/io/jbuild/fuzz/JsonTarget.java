package io.jbuild.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.source.Blanks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Exec form against Jackson: the same texts are arrays of strings, with the same strings. */
final class JsonTarget {
  /** As deep as exec form is looked at. */
  private static final int MAX_DEPTH = 100;

  private static final ObjectMapper JACKSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Jackson looks at the lowest byte only of what should be a hexadecimal digit. */
  private static final Pattern JACKSON_ERRS =
      Pattern.compile("\\\\u[0-9a-fA-F]{0,3}[^\\x00-\\x7F]");

  private JsonTarget() {}

  private static Optional<Arguments> arguments(String line) throws BuildfileException {
    List<Node> nodes = Parser.parse(Source.of("Buildfile", "CMD " + line)).nodes();
    return nodes.size() == 1 ? Optional.of(nodes.get(0).arguments()) : Optional.empty();
  }

  static void read(String text) {
    try {
      arguments(text.replaceAll("[\\n\\x00]", " "));
    } catch (BuildfileException e) {
      Promise.readable(e.render());
    }
  }

  static void check(String text) {
    String line = Blanks.trim(text.replaceAll("[\\n\\r\\x00]", " "));
    boolean continues = line.endsWith("\\");
    boolean wellFormed = line.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (!line.startsWith("[") || continues || !wellFormed || JACKSON_ERRS.matcher(line).find()) {
      read(text);
      return;
    }
    Optional<List<JsonNode>> expected = jackson(line);
    try {
      Optional<Arguments> read = arguments(line);
      boolean json = read.isPresent() && read.get() instanceof Arguments.Json;
      Promise.same(expected.isPresent(), json, "exec form: " + line);
      if (read.isPresent() && read.get() instanceof Arguments.Json array) {
        Promise.same(strings(expected.orElse(List.of())), array.strings(), line);
      }
    } catch (BuildfileException e) {
      boolean mixed = expected.isPresent() && expected.get().stream().anyMatch(n -> !n.isTextual());
      Promise.holds(mixed, "refused: " + line + " " + e.problem());
    }
  }

  private static Optional<List<JsonNode>> jackson(String line) {
    try {
      List<JsonNode> items = new ArrayList<>();
      JACKSON.readTree(line).forEach(items::add);
      return Optional.of(items);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static List<String> strings(List<JsonNode> nodes) {
    List<String> out = new ArrayList<>();
    for (JsonNode node : nodes) {
      StringBuilder text = new StringBuilder();
      node.asText()
          .codePoints()
          .forEach(c -> text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
      out.add(text.toString());
    }
    return out;
  }
}
