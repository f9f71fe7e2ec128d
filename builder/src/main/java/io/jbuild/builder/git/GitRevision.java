package io.jbuild.builder.git;

import java.util.Optional;

/**
 * What a reference means now: the commit that it names, or the annotated tag that names one.
 *
 * @param object the id of the commit or tag, whole
 * @param commit the id of the commit; of a pinned object it is only known when that is fetched
 * @param refName the ref's whole name, such as {@code refs/heads/main}; empty where it was pinned
 */
public record GitRevision(String object, String commit, Optional<String> refName) {
  public GitRevision {
    if (!RefName.isCommit(object) || !RefName.isCommit(commit)) {
      throw new IllegalArgumentException("no revision: " + object + ", " + commit);
    }
  }

  static GitRevision pinned(String id) {
    return new GitRevision(id, id, Optional.empty());
  }
}
