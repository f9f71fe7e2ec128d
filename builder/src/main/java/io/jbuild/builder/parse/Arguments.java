package io.jbuild.builder.parse;

import io.jbuild.builder.source.SourceRange;
import java.util.List;

/** What follows the keyword and its flags, in the shape that the keyword asks for. */
public sealed interface Arguments {

  /** A JSON array of strings. */
  record Json(List<String> strings) implements Arguments {
    public Json {
      strings = List.copyOf(strings);
    }
  }

  /** The body as it is. */
  record Text(String text) implements Arguments {}

  /** Words; of ARG with their quotes, of others split at every blank. */
  record Words(List<Word> words) implements Arguments {
    public Words {
      words = List.copyOf(words);
    }
  }

  /** A word and its lines. */
  record Word(String text, SourceRange range) {}

  /** {@code key=value …}, or one {@code key value}. */
  record Pairs(List<Pair> pairs) implements Arguments {
    public Pairs {
      pairs = List.copyOf(pairs);
    }
  }

  /** Key and value with their quotes. */
  record Pair(String key, String value, boolean legacy, SourceRange range) {}

  /**
   * ARG in jbuild's own language: {@code name=$(command)}.
   *
   * @param command the text for the shell
   */
  record Computed(String name, String command, SourceRange range) implements Arguments {}

  /** The instruction of ONBUILD. */
  record Trigger(Node node) implements Arguments {}

  /** HEALTHCHECK: its type, and what follows it. */
  record Health(String type, Arguments command) implements Arguments {}
}
