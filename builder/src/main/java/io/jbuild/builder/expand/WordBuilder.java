package io.jbuild.builder.expand;

import io.jbuild.builder.source.Blanks;
import java.util.ArrayList;
import java.util.List;

/** Collects a result twice: as one word with its blanks, and as words split at them. */
final class WordBuilder {
  private final StringBuilder whole = new StringBuilder();
  private final StringBuilder current = new StringBuilder();
  private final List<String> words = new ArrayList<>();
  private final int limit;

  WordBuilder(int limit) {
    this.limit = limit;
  }

  /** What came out. */
  record Result(String word, List<String> words) {}

  /** Text whose blanks split words. */
  void add(String text) throws ExpansionException {
    append(text);
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (Blanks.isSpace(c)) {
        endWord();
      } else {
        current.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
  }

  /** Quoted or escaped text. */
  void addQuoted(String text) throws ExpansionException {
    append(text);
    current.append(text);
  }

  private void append(String text) throws ExpansionException {
    if (whole.length() + text.length() > limit) {
      throw new ExpansionException("the expanded text is longer than " + limit + " characters");
    }
    whole.append(text);
  }

  private void endWord() {
    if (current.length() > 0) {
      words.add(current.toString());
      current.setLength(0);
    }
  }

  Result finish() {
    endWord();
    return new Result(whole.toString(), List.copyOf(words));
  }

  String word() {
    return whole.toString();
  }
}
