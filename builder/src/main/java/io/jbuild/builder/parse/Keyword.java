package io.jbuild.builder.parse;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The instructions, and the shape of the arguments of each. */
public enum Keyword {
  ADD(Shape.JSON_OR_WORDS),
  ARG(Shape.QUOTED_WORDS),
  CMD(Shape.JSON_OR_TEXT),
  COPY(Shape.JSON_OR_WORDS),
  ENTRYPOINT(Shape.JSON_OR_TEXT),
  ENV(Shape.PAIRS),
  EXPOSE(Shape.WORDS),
  FROM(Shape.WORDS),
  HEALTHCHECK(Shape.HEALTH),
  LABEL(Shape.PAIRS),
  MAINTAINER(Shape.TEXT),
  ONBUILD(Shape.TRIGGER),
  RUN(Shape.JSON_OR_TEXT),
  SHELL(Shape.JSON_OR_TEXT),
  STOPSIGNAL(Shape.TEXT),
  USER(Shape.TEXT),
  VOLUME(Shape.JSON_OR_WORDS),
  WORKDIR(Shape.TEXT),
  ELSE(Shape.TEXT, true),
  END(Shape.TEXT, true),
  IF(Shape.TEXT, true),
  INCLUDE(Shape.QUOTED_WORDS, true),
  UNSET(Shape.QUOTED_WORDS, true);

  /** How arguments are read. */
  enum Shape {
    JSON_OR_TEXT,
    JSON_OR_WORDS,
    WORDS,
    QUOTED_WORDS,
    PAIRS,
    TEXT,
    TRIGGER,
    HEALTH
  }

  private final Shape shape;
  private final boolean extension;

  Keyword(Shape shape) {
    this(shape, false);
  }

  Keyword(Shape shape, boolean extension) {
    this.shape = shape;
    this.extension = extension;
  }

  Shape shape() {
    return shape;
  }

  /** Whether only {@link Frontend#JBUILD_1} knows it. */
  public boolean isExtension() {
    return extension;
  }

  boolean takesHeredocs() {
    return this == ADD || this == COPY || this == RUN;
  }

  /** Any mix of upper and lower case. */
  public static Optional<Keyword> find(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(k -> k.name().equals(upper)).findFirst();
  }

  /** Those of a language. */
  static List<String> names(boolean extended) {
    return Arrays.stream(values())
        .filter(keyword -> extended || !keyword.extension)
        .map(Keyword::name)
        .toList();
  }
}
