package io.jbuild.registry;

import java.util.List;

/**
 * What a request needs a token for (distribution token specification). Always ours, never the one
 * that a challenge names: a registry could ask for a right to another repository.
 */
record Scope(List<String> texts) {
  Scope {
    texts = List.copyOf(texts);
  }

  static Scope pull(String repository) {
    return new Scope(List.of("repository:" + repository + ":pull"));
  }

  static Scope push(String repository) {
    return new Scope(List.of("repository:" + repository + ":pull,push"));
  }

  /** To mount a blob of one repository in the other. */
  static Scope mount(String repository, String from) {
    return new Scope(
        List.of("repository:" + repository + ":pull,push", "repository:" + from + ":pull"));
  }

  boolean onlyReads() {
    return texts.stream().allMatch(text -> text.endsWith(":pull"));
  }
}
