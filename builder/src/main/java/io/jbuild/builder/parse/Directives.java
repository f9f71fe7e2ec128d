package io.jbuild.builder.parse;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import java.util.Optional;
import java.util.Set;

/**
 * What the first lines of a file say about the file.
 *
 * @param escape {@code \} or a backtick
 * @param syntax the frontend that was asked for
 */
public record Directives(
    char escape, Optional<Directive> syntax, Optional<Directive> check, Checks checks) {

  void print(StringBuilder out) {
    syntax.ifPresent(d -> d.print(out));
    if (escape != '\\') {
      out.append("# escape=").append(escape).append('\n');
    }
    check.ifPresent(d -> d.print(out));
  }

  /** As written: {@code # key=value}. */
  public record Directive(String key, String value, SourceRange range) {
    void print(StringBuilder out) {
      out.append("# ").append(key).append('=').append(value).append('\n');
    }
  }

  /**
   * {@code check=skip=A,B;error=true;experimental=all}.
   *
   * @param skip names, or {@code all}
   * @param error whether a finding fails the build
   */
  public record Checks(Set<String> skip, boolean error, Set<String> experimental) {
    public static final Checks NONE = new Checks(Set.of(), false, Set.of());

    public Checks {
      skip = Set.copyOf(skip);
      experimental = Set.copyOf(experimental);
    }

    /**
     * Reads options that come from elsewhere than the file.
     *
     * @param origin what to call them in an error
     */
    public static Checks parse(String text, String origin) throws BuildfileException {
      Source source = Source.of(origin, text);
      return ChecksReader.read(text, source, source.end());
    }

    /** Whether findings of this rule are not wanted. */
    public boolean skips(String rule) {
      return contains(skip, rule);
    }

    private static boolean contains(Set<String> names, String rule) {
      return names.stream().anyMatch(n -> n.equals("all") || n.equalsIgnoreCase(rule));
    }
  }
}
