package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The grammar of distribution/reference. What a pattern sees was bounded in length before. */
final class ReferenceGrammar {
  /** Docker's limit for a repository without its registry. */
  private static final int MAX_REPOSITORY = 255;

  /** A DNS name has at most 253 characters, plus a port. */
  private static final int MAX_REGISTRY = 259;

  private static final int MAX_TEXT = 1024;

  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]++\\])(?::[0-9]{1,5}+)?");
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:\\.|__?+|-++)[a-z0-9]++)*+");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}+");
  private static final Pattern HEX64 = Pattern.compile("[a-f0-9]{64}+");

  private ReferenceGrammar() {}

  static Reference parse(String text) throws MalformedException {
    if (text.isEmpty()) {
      throw Reference.malformed(text, "it is empty");
    }
    if (text.length() > MAX_TEXT) {
      throw Reference.malformed(text, "longer than " + MAX_TEXT + " characters");
    }
    if (HEX64.matcher(text).matches()) {
      throw Reference.malformed(text, "64 hex digits are an image ID, not a name");
    }
    int at = text.indexOf('@');
    Optional<Digest> digest = at < 0 ? Optional.empty() : Optional.of(digest(text, at));
    String rest = at < 0 ? text : text.substring(0, at);
    int colon = rest.lastIndexOf(':');
    boolean tagged = colon > rest.lastIndexOf('/') && !isPort(rest, colon);
    Optional<String> tag = tagged ? Optional.of(rest.substring(colon + 1)) : Optional.empty();
    String name = tagged ? rest.substring(0, colon) : rest;
    if (tag.isEmpty() && digest.isEmpty()) {
      tag = Optional.of(Reference.DEFAULT_TAG);
    }
    return build(text, name, tag, digest);
  }

  /** A colon within an address in brackets does not begin a tag. */
  private static boolean isPort(String rest, int colon) {
    return rest.indexOf(']', colon) >= 0;
  }

  private static Digest digest(String text, int at) throws MalformedException {
    try {
      return Digest.parse(text.substring(at + 1));
    } catch (MalformedException e) {
      throw Reference.malformed(text, e.getMessage());
    }
  }

  private static Reference build(
      String text, String name, Optional<String> tag, Optional<Digest> digest)
      throws MalformedException {
    int slash = name.indexOf('/');
    boolean hasRegistry = beginsWithRegistry(name);
    String registry = hasRegistry ? name.substring(0, slash) : Reference.DOCKER_HUB;
    String repository = hasRegistry ? name.substring(slash + 1) : name;
    if (registry.equals("index.docker.io")) {
      registry = Reference.DOCKER_HUB;
    }
    if (registry.equals(Reference.DOCKER_HUB) && repository.indexOf('/') < 0) {
      repository = Reference.OFFICIAL + repository;
    }
    Optional<String> wrong = complaint(registry, repository, tag);
    if (wrong.isPresent()) {
      throw Reference.malformed(text, wrong.get());
    }
    return new Reference(registry, repository, tag, digest);
  }

  static boolean beginsWithRegistry(String name) {
    int slash = name.indexOf('/');
    return slash >= 0 && isRegistry(name.substring(0, slash));
  }

  /** Docker's rule: it is a host if it has a dot, a colon or upper case, or is localhost. */
  private static boolean isRegistry(String first) {
    return first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || first.equals("localhost")
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  /** What is wrong with the parts, if anything. */
  static Optional<String> complaint(String registry, String repository, Optional<String> tag) {
    if (registry.length() > MAX_REGISTRY || !REGISTRY.matcher(registry).matches()) {
      return Optional.of("registry " + Printable.quote(registry) + " is not host[:port]");
    }
    if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
      return Optional.of(
          "tag "
              + Printable.quote(tag.get())
              + " is not 1 to 128 letters, digits, _ . - beginning with none of . -");
    }
    return repositoryComplaint(repository);
  }

  private static Optional<String> repositoryComplaint(String repository) {
    if (repository.length() > MAX_REPOSITORY) {
      return Optional.of("the repository is longer than " + MAX_REPOSITORY + " characters");
    }
    for (String component : repository.split("/", -1)) {
      if (component.isEmpty()) {
        return Optional.of("a part of the repository is empty");
      }
      if (!component.equals(component.toLowerCase(Locale.ROOT))) {
        return Optional.of("the repository must be lower case");
      }
      if (!COMPONENT.matcher(component).matches()) {
        return Optional.of(
            Printable.quote(component)
                + " is not lower-case letters and digits joined by one . _ __ or dashes");
      }
    }
    return Optional.empty();
  }
}
