package io.jbuild.builder.lint;

import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A case of {@code checks/RULE.txt}: {@code === name}, options ({@code @ arg A=b}, {@code @ ignore
 * pattern}, {@code @ target stage}, {@code @ base os/arch NAME=value …}), the Buildfile, {@code
 * ---}, and a line {@code LINE RULE} for each finding that is expected.
 */
record CheckCase(String name, CheckContext context, String file, List<String> expected) {
  static final Path FOLDER = Path.of("src/test/resources/checks");

  static List<CheckCase> read(Rule rule) throws Exception {
    String text = Files.readString(FOLDER.resolve(rule + ".txt"));
    List<CheckCase> cases = new ArrayList<>();
    for (String part : text.split("(?m)^=== ", -1)) {
      if (!part.isBlank()) {
        cases.add(parse(part, rule));
      }
    }
    return cases;
  }

  private static CheckCase parse(String text, Rule rule) throws Exception {
    String[] halves = text.split("(?m)^---\\n", -1);
    List<String> lines = halves[0].lines().toList();
    CheckContext context = CheckContext.defaults().withCost(rule.kind() == Rule.Kind.COST);
    int first = 1;
    while (lines.get(first).startsWith("@ ")) {
      context = option(context, lines.get(first++).substring(2));
    }
    String file = String.join("\n", lines.subList(first, lines.size())) + "\n";
    List<String> expected = halves[1].lines().filter(line -> !line.isBlank()).toList();
    return new CheckCase(lines.get(0), context, file, expected);
  }

  private static CheckContext option(CheckContext context, String text) throws Exception {
    String[] words = text.split(" ");
    switch (words[0]) {
      case "arg":
        Map<String, String> args = new TreeMap<>(context.buildArgs());
        args.put(words[1].split("=", 2)[0], words[1].split("=", 2)[1]);
        return context.withBuildArgs(args);
      case "ignore":
        byte[] rules = words[1].replace(',', '\n').getBytes(StandardCharsets.UTF_8);
        return context.withIgnores(IgnoreRules.parse(rules, ".dockerignore"));
      case "target":
        return context.withTarget(Optional.of(words[1]));
      case "context":
        return context.withContexts(
            java.util.Map.of(
                words[1],
                new io.jbuild.builder.ContextSource.Directory(java.nio.file.Path.of("."))));
      case "base":
        return context.withBases(base(words));
      default:
        throw new IllegalArgumentException(text);
    }
  }

  private static BaseImages base(String[] words) throws Exception {
    ImageConfig scratch = ImageConfig.scratch(Platform.parse(words[1]));
    List<String> env = List.of(words).subList(2, words.length);
    ImageConfig image = scratch.withConfig(scratch.config().edit().env(env).build());
    return (reference, platform) -> Optional.of(image);
  }
}
