package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference.Mtime;
import io.jbuild.linux.TreePath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands behind a repository's URL: {@code ?key=value&…#ref:subdir}. */
final class ReferenceOptions {
  private static final List<String> KEYS =
      List.of(
          "ref",
          "tag",
          "branch",
          "subdir",
          "checksum",
          "commit",
          "keep-git-dir",
          "submodules",
          "mtime",
          "fetch-by-commit");
  private static final Set<String> FLAGS = Set.of("keep-git-dir", "submodules", "fetch-by-commit");
  private static final Set<String> YES = Set.of("1", "t", "T", "TRUE", "true", "True", "");
  private static final Set<String> NO = Set.of("0", "f", "F", "FALSE", "false", "False");

  private final Map<String, String> query;
  private final Optional<String> fragmentRef;
  private final Optional<String> fragmentSubdir;

  private ReferenceOptions(Map<String, String> query, String ref, String subdir) {
    this.query = query;
    this.fragmentRef = nonEmpty(ref);
    this.fragmentSubdir = nonEmpty(subdir);
  }

  private static Optional<String> nonEmpty(String text) {
    return Optional.of(text).filter(value -> !value.isEmpty());
  }

  /**
   * Reads it.
   *
   * @param text empty, or begins with a question mark or a hash
   */
  static ReferenceOptions parse(String text) throws UserException {
    int hash = text.indexOf('#');
    String queryText = hash < 0 ? text : text.substring(0, hash);
    String fragment = hash < 0 ? "" : decode(text.substring(hash + 1));
    int colon = fragment.indexOf(':');
    return new ReferenceOptions(
        query(queryText.isEmpty() ? "" : queryText.substring(1)),
        colon < 0 ? fragment : fragment.substring(0, colon),
        colon < 0 ? "" : fragment.substring(colon + 1));
  }

  private static Map<String, String> query(String text) throws UserException {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = decode((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1).replace('+', ' '));
      if (!KEYS.contains(key)) {
        throw new UserException(
            "a git reference has no key \"" + key + "\"",
            "its keys are " + String.join(", ", KEYS));
      }
      if (value.isEmpty() && !FLAGS.contains(key)) {
        throw new UserException("the key \"" + key + "\" of a git reference needs a value");
      }
      if (query.putIfAbsent(key, value) != null) {
        throw new UserException("the key \"" + key + "\" is given twice in a git reference");
      }
    }
    return query;
  }

  private static String decode(String text) throws UserException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      } else if (text.substring(i + 1).matches("(?s)[0-9A-Fa-f]{2}.*")) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        throw new UserException("\"" + text + "\": two hexadecimal digits have to follow \"%\"");
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  GitReference of(GitRemote remote) throws UserException {
    return new GitReference(
        remote,
        ref(),
        subdir(),
        checksum(),
        flag("keep-git-dir"),
        flag("submodules"),
        mtime(),
        fetchByCommit());
  }

  private Optional<String> ref() throws UserException {
    Optional<String> ref = merge("ref", fragmentRef, get("ref"));
    Optional<String> tag = get("tag").map(name -> prefixed("refs/tags/", name));
    Optional<String> branch = get("branch").map(name -> prefixed("refs/heads/", name));
    ref = merge("ref", merge("ref", ref, tag), branch);
    if (ref.isPresent() && !RefName.isValid(ref.get())) {
      throw new UserException("\"" + ref.get() + "\" is not a name of a git branch, tag or commit");
    }
    return ref;
  }

  private static String prefixed(String prefix, String name) {
    return name.startsWith(prefix) ? name : prefix + name;
  }

  private static Optional<String> merge(String what, Optional<String> one, Optional<String> other)
      throws UserException {
    if (one.isPresent() && other.isPresent() && !one.equals(other)) {
      throw new UserException(
          "a git reference names two "
              + what
              + "s: \""
              + one.get()
              + "\" and \""
              + other.get()
              + "\"");
    }
    return one.isPresent() ? one : other;
  }

  private TreePath subdir() throws UserException {
    String text = merge("subdir", fragmentSubdir, get("subdir")).orElse("");
    if (text.indexOf('\0') >= 0) {
      throw new UserException("a subdir of a git reference has a NUL character");
    }
    return TreePath.parse(text);
  }

  private Optional<String> checksum() throws UserException {
    Optional<String> checksum =
        merge("checksum", get("checksum"), get("commit"))
            .map(digits -> digits.toLowerCase(Locale.ROOT));
    if (checksum.isPresent()) {
      checkChecksum(checksum.get());
    }
    return checksum;
  }

  static void checkChecksum(String digits) throws UserException {
    if (!digits.matches("[0-9a-f]{1,64}")) {
      throw new UserException(
          "the checksum of a git repository is \"" + digits + "\"",
          "give the id of the commit, or the digits that it begins with");
    }
  }

  private Mtime mtime() throws UserException {
    String text = get("mtime").orElse("commit");
    return switch (text) {
      case "commit" -> Mtime.COMMIT;
      case "checkout" -> Mtime.CHECKOUT;
      default ->
          throw new UserException(
              "mtime of a git reference is \"" + text + "\"", "it is commit or checkout");
    };
  }

  private boolean fetchByCommit() throws UserException {
    boolean asked = flag("fetch-by-commit").orElse(false);
    if (asked && checksum().filter(RefName::isCommit).isEmpty()) {
      throw new UserException(
          "fetch-by-commit of a git reference needs checksum=COMMIT",
          "give all digits of the commit's id");
    }
    return asked;
  }

  private Optional<Boolean> flag(String key) throws UserException {
    Optional<String> text = get(key);
    if (text.isPresent() && !YES.contains(text.get()) && !NO.contains(text.get())) {
      throw new UserException(
          key + " of a git reference is \"" + text.get() + "\"", "it is true or false");
    }
    return text.map(YES::contains);
  }

  private Optional<String> get(String key) {
    return Optional.ofNullable(query.get(key));
  }
}
