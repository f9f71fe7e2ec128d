package io.jbuild.builder.expand;

/** What a {@link Lexer} does with quotes, escapes and variables. */
enum LexMode {
  /** Everything is interpreted. */
  WORD(true, false, false, false),

  /** As WORD, but quotes are ordinary characters. */
  CONTENT(false, false, false, false),

  /** Words are found, and come out as they were written. */
  VERBATIM(true, true, true, true),

  /** Quotes and escapes are removed, variables stay as written: the name of a here-document. */
  UNQUOTE(true, false, false, true);

  final boolean quotes;
  final boolean keepQuotes;
  final boolean keepEscapes;
  final boolean keepUnset;

  LexMode(boolean quotes, boolean keepQuotes, boolean keepEscapes, boolean keepUnset) {
    this.quotes = quotes;
    this.keepQuotes = keepQuotes;
    this.keepEscapes = keepEscapes;
    this.keepUnset = keepUnset;
  }
}
