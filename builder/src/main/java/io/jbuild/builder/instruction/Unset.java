package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code UNSET}: takes settings away that a base image or an instruction above has made.
 *
 * @param names of the kinds that have names: at least one, or {@link #ALL} alone
 */
public record Unset(Origin origin, Kind kind, List<String> names) implements Instruction {
  /** Instead of names. */
  public static final String ALL = "*";

  public Unset {
    names = List.copyOf(names);
  }

  /** What can be taken away. */
  public enum Kind {
    CMD(false),
    ENTRYPOINT(false),
    ENV(true),
    EXPOSE(true),
    HEALTHCHECK(false),
    LABEL(true),
    SHELL(false),
    STOPSIGNAL(false),
    USER(false),
    VOLUME(true),
    WORKDIR(false);

    private final boolean named;

    Kind(boolean named) {
      this.named = named;
    }

    /** Whether there are several of it, each with a name. */
    public boolean isNamed() {
      return named;
    }

    static Optional<Kind> find(String word) {
      String upper = word.toUpperCase(Locale.ROOT);
      return Arrays.stream(values()).filter(kind -> kind.name().equals(upper)).findFirst();
    }
  }

  @Override
  public Keyword keyword() {
    return Keyword.UNSET;
  }

  public boolean isAll() {
    return names.equals(List.of(ALL));
  }

  /** Ports are as {@code EXPOSE} notes them: {@code 80/tcp}. */
  @Override
  public Unset expand(Expansion expansion) throws BuildfileException {
    Expander expander = new Expander(expansion, origin);
    List<String> expanded = new ArrayList<>();
    for (String name : names) {
      expanded.addAll(kind == Kind.EXPOSE ? expander.words(name) : List.of(expander.word(name)));
    }
    if (expanded.contains("")) {
      throw origin.error("UNSET " + kind + " names can not be blank");
    }
    if (kind != Kind.EXPOSE || isAll()) {
      return new Unset(origin, kind, expanded);
    }
    List<String> ports = new ArrayList<>();
    for (Port port : new Expose(origin, expanded).parsed()) {
      ports.add(port.toString());
    }
    return new Unset(origin, kind, ports);
  }

  @Override
  public <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X {
    return visitor.visit(this);
  }
}
