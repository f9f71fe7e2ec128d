package io.jbuild.builder.instruction;

import io.jbuild.builder.instruction.FlagReader.Kind;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.match.InvalidPatternException;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Heredoc;
import io.jbuild.builder.parse.HeredocWord;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads COPY and ADD. */
final class CopyReader {
  private static final Map<String, Kind> COPY_FLAGS =
      Map.of(
          "chown", Kind.STRING,
          "chmod", Kind.STRING,
          "link", Kind.BOOLEAN,
          "exclude", Kind.LIST,
          "from", Kind.STRING,
          "parents", Kind.BOOLEAN,
          "with-libs", Kind.BOOLEAN);

  private static final Map<String, Kind> ADD_FLAGS =
      Map.of(
          "chown", Kind.STRING,
          "chmod", Kind.STRING,
          "link", Kind.BOOLEAN,
          "exclude", Kind.LIST,
          "keep-git-dir", Kind.BOOLEAN,
          "checksum", Kind.STRING,
          "unpack", Kind.BOOLEAN);

  private final Node node;
  private final Origin origin;
  private final List<Heredoc> heredocs;

  CopyReader(Node node, Origin origin, List<Heredoc> heredocs) {
    this.node = node;
    this.origin = origin;
    this.heredocs = new ArrayList<>(heredocs);
  }

  Copy readCopy() throws BuildfileException {
    FlagReader flags = FlagReader.read(origin, node.flags(), COPY_FLAGS);
    Optional<Flag> from = flags.find("from");
    if (from.flatMap(Flag::value).map(value -> value.contains("$")).orElse(false)) {
      throw new BuildfileException(
              "variable expansion is not supported for --from",
              origin.source(),
              from.get().range(),
              Optional.of(MountFlagReader.NO_VARIABLES))
          .at(from.get().written());
    }
    List<String> words = words();
    return new Copy(
        origin,
        sources(words),
        words.get(words.size() - 1),
        options(flags),
        flags.string("from"),
        flags.isSet("parents"),
        flags.isSet("with-libs"));
  }

  Add readAdd() throws BuildfileException {
    FlagReader flags = FlagReader.read(origin, node.flags(), ADD_FLAGS);
    List<String> words = words();
    Optional<String> checksum = flags.string("checksum");
    if (checksum.isPresent() && words.size() != 2) {
      throw origin.error("checksum can't be specified for multiple sources");
    }
    return new Add(
        origin,
        sources(words),
        words.get(words.size() - 1),
        options(flags),
        flags.bool("keep-git-dir"),
        checksum,
        flags.bool("unpack"));
  }

  private CopyOptions options(FlagReader flags) throws BuildfileException {
    for (Flag exclude : flags.all("exclude")) {
      try {
        IgnoreRules.of(List.of(exclude.value().orElse("")));
      } catch (InvalidPatternException e) {
        throw origin.error(String.valueOf(e.getMessage()), exclude.range()).at(exclude.written());
      }
    }
    return new CopyOptions(
        flags.string("chown"),
        flags.string("chmod"),
        flags.isSet("link"),
        flags.strings("exclude"));
  }

  private List<String> words() throws BuildfileException {
    boolean json = node.arguments() instanceof Arguments.Json;
    List<String> words = InstructionReader.words(node.arguments());
    words = json ? words : joinOpenings(words);
    if (words.size() < 2) {
      throw origin.error(
          node.keyword()
              + " requires at least two arguments, but "
              + (words.isEmpty() ? "none was" : "only one was")
              + " provided. Destination could not be determined");
    }
    if (!json && HeredocWord.parse(words.get(words.size() - 1)).isPresent()) {
      throw origin
          .error(node.keyword() + " cannot accept a heredoc as a destination")
          .at(words.get(words.size() - 1));
    }
    return words;
  }

  /** Puts {@code <<} and the name behind it together. */
  private static List<String> joinOpenings(List<String> words) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean open = word.endsWith("<<") || word.endsWith("<<-");
      boolean joins = open && i + 1 < words.size();
      boolean opens = joins && HeredocWord.parse(word + words.get(i + 1)).isPresent();
      out.add(opens ? word + words.get(++i) : word);
    }
    return out;
  }

  private List<CopySource> sources(List<String> words) throws BuildfileException {
    boolean json = node.arguments() instanceof Arguments.Json;
    List<CopySource> sources = new ArrayList<>();
    for (String word : words.subList(0, words.size() - 1)) {
      Optional<HeredocWord> opening = json ? Optional.empty() : HeredocWord.parse(word);
      sources.add(opening.isPresent() ? inline(opening.get()) : new CopySource.Path(word));
    }
    return sources;
  }

  /** The next here-document of that name: the parser may have found none, or others between. */
  private CopySource inline(HeredocWord opening) throws BuildfileException {
    for (Heredoc heredoc : heredocs) {
      if (heredoc.name().equals(opening.name())) {
        heredocs.remove(heredoc);
        return new CopySource.Inline(heredoc.name(), heredoc.content(), heredoc.expand());
      }
    }
    throw origin.error("here-document \"" + opening.name() + "\" has no content");
  }
}
