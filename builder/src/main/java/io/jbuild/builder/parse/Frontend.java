package io.jbuild.builder.parse;

import java.util.Locale;
import java.util.Set;

/** Who is to read a file, by the reference of its {@code syntax} directive. */
public enum Frontend {
  /** Docker's language, which is read here, without pulling what the reference names. */
  DOCKERFILE,
  /** Docker's language with this program's additions. */
  JBUILD_1,
  /** An image that would have to be run. */
  FOREIGN;

  private static final Set<String> DOCKERFILE_IMAGES =
      Set.of("docker/dockerfile", "docker/dockerfile-upstream");

  /** Tags, digests and the registry, which may be a mirror, do not matter. */
  public static Frontend of(String syntax) {
    String reference = syntax.strip();
    int blank = reference.indexOf(' ');
    if (blank >= 0) {
      reference = reference.substring(0, blank);
    }
    if (reference.equals("jbuild/1")) {
      return JBUILD_1;
    }
    return reference.equals("dockerfile.v0") || DOCKERFILE_IMAGES.contains(repository(reference))
        ? DOCKERFILE
        : FOREIGN;
  }

  /** What is said of a frontend that is not run. */
  static String known(String foreign) {
    return foreign.strip().startsWith("jbuild/")
        ? "this jbuild knows jbuild/1"
        : "docker/dockerfile is interpreted here; other frontends are not run";
  }

  /** What is said where a word of this program's own language stands in a plain file. */
  public static String hint(String word) {
    return word + " is of jbuild's own language: begin the file with \"# syntax=jbuild/1\"";
  }

  /** The last two elements of the name. */
  private static String repository(String reference) {
    int at = reference.indexOf('@');
    String name = at < 0 ? reference : reference.substring(0, at);
    int slash = name.lastIndexOf('/');
    int colon = name.indexOf(':', Math.max(slash, 0));
    name = (colon < 0 ? name : name.substring(0, colon)).toLowerCase(Locale.ROOT);
    int owner = name.lastIndexOf('/', slash - 1);
    return name.substring(owner + 1);
  }
}
