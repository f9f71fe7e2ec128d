package io.jbuild.builder.git;

/** The rules for names of branches and tags, and for ids of commits. */
final class RefName {
  private static final int LONGEST = 1024;

  private RefName() {}

  /**
   * What git's check-ref-format allows in a name of one or more components.
   *
   * @see <a href="https://git-scm.com/docs/git-check-ref-format">check-ref-format</a>
   */
  static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > LONGEST || name.startsWith("-") || name.equals("@")) {
      return false;
    }
    if (name.contains("..") || name.contains("@{") || name.endsWith(".")) {
      return false;
    }
    if (name.chars().anyMatch(c -> c <= ' ' || c == 0x7f || "~^:?*[\\\"".indexOf(c) >= 0)) {
      return false;
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".") || part.endsWith(".lock")) {
        return false;
      }
    }
    return true;
  }

  /** A whole commit id: 40 digits with SHA-1, 64 with SHA-256. */
  static boolean isCommit(String text) {
    return text.matches("[0-9a-f]{40}|[0-9a-f]{64}");
  }
}
