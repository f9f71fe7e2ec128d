package io.jbuild.registry;

import io.jbuild.oci.text.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One challenge of a {@code WWW-Authenticate} header (RFC 9110, 11.6.1); names in lower case. */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int MAX_LENGTH = 64 * 1024;
  private static final int MAX_PARAMETERS = 64;

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  static Optional<Challenge> find(List<Challenge> challenges, String scheme) {
    return challenges.stream().filter(each -> each.scheme().equals(scheme)).findFirst();
  }

  /** All challenges of these header lines; one line may hold several. */
  static List<Challenge> parse(List<String> lines) throws MalformedException {
    int length = 0;
    List<Challenge> all = new ArrayList<>();
    for (String line : lines) {
      length += line.length();
      if (length > MAX_LENGTH) {
        throw new MalformedException("challenge longer than " + MAX_LENGTH + " characters");
      }
      new Parser(line).readInto(all);
    }
    return all;
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    void readInto(List<Challenge> all) throws MalformedException {
      skip(" \t,");
      while (at < text.length()) {
        String scheme = token().toLowerCase(Locale.ROOT);
        all.add(new Challenge(scheme, parameters()));
        skip(" \t,");
      }
    }

    /** Until the next word without {@code =} behind it, which is the next challenge's scheme. */
    private Map<String, String> parameters() throws MalformedException {
      Map<String, String> found = new LinkedHashMap<>();
      while (true) {
        skip(" \t,");
        int start = at;
        if (at == text.length()) {
          return found;
        }
        String name = token().toLowerCase(Locale.ROOT);
        skip(" \t");
        if (at == text.length() || text.charAt(at) != '=') {
          at = start;
          return found;
        }
        at++;
        skip(" \t");
        if (found.size() == MAX_PARAMETERS || found.putIfAbsent(name, value()) != null) {
          throw malformed("too many parameters, or one twice");
        }
      }
    }

    private String value() throws MalformedException {
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      int start = at;
      while (at < text.length() && " \t,".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String quoted() throws MalformedException {
      StringBuilder out = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return out.toString();
        }
        if (c == '\\' && at + 1 < text.length()) {
          c = text.charAt(++at);
        }
        out.append(c);
      }
      throw malformed("quoted text without an end");
    }

    private String token() throws MalformedException {
      int start = at;
      while (at < text.length() && isTokenChar(text.charAt(at))) {
        at++;
      }
      if (at == start) {
        throw malformed("unexpected character at " + at);
      }
      return text.substring(start, at);
    }

    private static boolean isTokenChar(char c) {
      return (c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || "!#$%&'*+-.^_`|~/".indexOf(c) >= 0; // '/' only occurs in token68, which we ignore
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private static MalformedException malformed(String why) {
      return new MalformedException("challenge cannot be read: " + why);
    }
  }
}
